"""议事厅 (Council Room): one matter from the first complaint to the last satisfied resident."""

__version__ = "0.1.0"
