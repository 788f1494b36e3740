"""detente: a systematic assessment of risk-reduction measures between rival parties."""

__version__ = "0.1.0"
