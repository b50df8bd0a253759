"""Bar charts as SVG, readable on light and on dark pages."""

from xml.sax.saxutils import escape

WIDTH = 760
LABELS = 262  # where the bars begin
FIGURES = 90  # kept free for the longest bar's figure
ROW = 24
GAP = 8  # between languages
HEAD = 54

STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .note, .language { fill: #59636e }
  .note { font-size: 12px }
  .back { fill: #ffffff }
  .library { fill: #0969da }
  .peer { fill: #afb8c1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note, .language { fill: #9198a1 }
    .back { fill: #0d1117 }
    .library { fill: #4493f8 }
    .peer { fill: #565f69 }
  }
"""


def bars(title, note, rows):
    """An SVG text. Each row is (language, label, value, the value's text, whether it is the library)."""
    languages = len({row[0] for row in rows})
    height = HEAD + ROW * len(rows) + GAP * (languages - 1) + 14
    most = max(value for _, _, value, _, _ in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{height}" rx="6"/>',
        f'<text class="title" x="14" y="24">{escape(title)}</text>',
        f'<text class="note" x="14" y="42">{escape(note)}</text>',
    ]
    shown, top = None, HEAD - ROW
    for language, label, value, text, is_library in rows:
        top += ROW + (GAP if shown not in (None, language) else 0)
        width = max((WIDTH - LABELS - FIGURES) * value / most, 1)
        kind = "library" if is_library else "peer"
        if language != shown:
            parts.append(f'<text class="language" x="14" y="{top + 16}">{escape(language)}</text>')
            shown = language
        parts += [
            f'<text x="72" y="{top + 16}">{escape(label)}</text>',
            f'<rect class="{kind}" x="{LABELS}" y="{top + 4}" width="{width:.1f}" height="{ROW - 8}" rx="2"/>',
            f'<text x="{LABELS + width + 6:.1f}" y="{top + 16}">{escape(text)}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
