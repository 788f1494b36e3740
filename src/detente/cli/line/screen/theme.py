"""The screen's colours: the terminal's own, so that they are legible on light and on dark ones.

Where a colour says something, text and ground are both set, and a sign and a word stand beside it.
"""

from __future__ import annotations

from textual.theme import Theme

THEME = Theme(
    name="line",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_blue",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "input-cursor-background": "ansi_blue",
        "input-cursor-foreground": "ansi_white",
        "input-cursor-text-style": "bold underline",
        "input-selection-background": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "scrollbar": "ansi_default",
        "scrollbar-hover": "ansi_default",
        "scrollbar-active": "ansi_default",
        "scrollbar-background": "ansi_default",
        "scrollbar-corner-color": "ansi_default",
    },
)

PLAIN = ""
STRONG = "bold"
BANNER = "bold reverse"
FLASH = "bold reverse ansi_red"
BADGES = {
    "green": "bold ansi_black on ansi_green",
    "grey": "bold reverse",
    "amber": "bold ansi_black on ansi_yellow",
    "red": "bold ansi_bright_white on ansi_red",
}
SIGNS = {"green": "●", "grey": "○", "amber": "▲", "red": "■"}
HOLDS, DIFFERS = "✓", "✗"
