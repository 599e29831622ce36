"""Results of studies: computed by the pipeline of ``poll run``, and read on a page."""
