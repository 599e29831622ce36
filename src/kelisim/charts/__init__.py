"""SVG drawn on the server: a title, a description and a table twin for every picture.

Every function is pure: rows, words and a language's way of writing numbers go in, text comes out.
The words come from the caller, so that a chart speaks any language.
"""

from kelisim.charts.agreement import agreement_chart
from kelisim.charts.change import ChangeWords, Shift, by_change, change_chart, change_table
from kelisim.charts.crowd import Voiced, crowd_chart, crowd_table
from kelisim.charts.histogram import Bin, BinWords, edges, histogram, histogram_table
from kelisim.charts.intervals import interval_chart, interval_table
from kelisim.charts.markup import Sheet, stylesheet
from kelisim.charts.rows import Numbers, Row, Words, by_estimate
from kelisim.charts.series import Series, series_chart, series_table
from kelisim.charts.shares import share_chart, share_table
from kelisim.charts.shrinkage import Pull, PullWords, shrinkage_chart, shrinkage_table
from kelisim.charts.table import Cell, Table, table_html
from kelisim.charts.tiles import Tile, tile_map, tile_table

__all__ = [
    "Bin",
    "BinWords",
    "Cell",
    "ChangeWords",
    "Numbers",
    "Pull",
    "PullWords",
    "Row",
    "Series",
    "Sheet",
    "Shift",
    "Table",
    "Tile",
    "Voiced",
    "Words",
    "agreement_chart",
    "by_change",
    "by_estimate",
    "change_chart",
    "change_table",
    "crowd_chart",
    "crowd_table",
    "edges",
    "histogram",
    "histogram_table",
    "interval_chart",
    "interval_table",
    "series_chart",
    "series_table",
    "share_chart",
    "share_table",
    "shrinkage_chart",
    "shrinkage_table",
    "stylesheet",
    "table_html",
    "tile_map",
    "tile_table",
]
