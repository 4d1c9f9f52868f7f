"""Paths of the floor board and of a dosing session."""

from django.urls import path

from reprieve.clinic.visits.views import commands, leaving, papers, preparation, record, streams

app_name = "visits"
urlpatterns = [
    path("floor", record.board, name="board"),
    path("floor/stream", streams.board_stream, name="board_stream"),
    path("orders/<uuid:order_id>/session", preparation.open_session, name="open"),
    path("patients/<uuid:patient_id>/cards/sessions", record.card, name="card"),
    path("sessions/<uuid:session_id>", record.record, name="record"),
    path("sessions/<uuid:session_id>/checklist", preparation.checklist_page, name="checklist"),
    path("sessions/<uuid:session_id>/live.json", record.live, name="live"),
    path("sessions/<uuid:session_id>/stream", streams.session_stream, name="stream"),
    path("sessions/<uuid:session_id>/commands/<slug:verb>", commands.command, name="command"),
    path("sessions/<uuid:session_id>/flowsheet", record.flowsheet_fragment, name="flowsheet"),
    path("sessions/<uuid:session_id>/discharge", leaving.discharge_page, name="discharge"),
    path("sessions/<uuid:session_id>/record.pdf", papers.pdf, name="pdf"),
]
