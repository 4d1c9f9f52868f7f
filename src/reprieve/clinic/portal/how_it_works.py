"""The page that follows one infusion from the blood to new connections, and says what of it was seen in whom (S21)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reprieve.clinic.portal.chain_drawing import draw_chain
from reprieve.knowledge.loader import sources
from reprieve.knowledge.mechanism import load_steps

_PLACES: tuple[tuple[int, int, int], ...] = (
    (1, 66, 140), (2, 226, 122), (3, 398, 150), (4, 334, 232), (5, 500, 252), (6, 398, 352), (7, 608, 264),
)  # fmt: skip
"""Number and place of each step in the picture of the synapse; the last two steps are not a place."""


@require_GET
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Open to everybody: it holds nothing about any person."""
    steps = load_steps()
    drawings = draw_chain(steps)
    cited = sorted({key for words in steps for key in words.step.source.keys})
    context = {
        "drawings": drawings,
        "told": [(lane, [sources()[key] for key in lane.words.step.source.keys]) for lane in drawings[0].lanes],
        "places": _PLACES,
        "sources": [sources()[key] for key in cited],
    }
    return render(request, "portal/how_it_works.html", context)
