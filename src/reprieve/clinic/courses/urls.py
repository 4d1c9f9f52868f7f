"""Addresses."""

from django.urls import path

from reprieve.clinic.courses.views import courses, orders, what_if

app_name = "courses"
urlpatterns = [
    path("patients/<uuid:patient_id>/courses/new", courses.new, name="new"),
    path("patients/<uuid:patient_id>/cards/course", courses.card, name="card"),
    path("patients/<uuid:patient_id>/what-if", what_if.page, name="what_if"),
    path("patients/<uuid:patient_id>/what-if/result", what_if.result, name="what_if_result"),
    path("courses/<uuid:course_id>", courses.detail, name="detail"),
    path("courses/<uuid:course_id>/close", courses.close, name="close"),
    path("planned-sessions/<int:planned_session_id>/move", courses.move, name="move"),
    path("planned-sessions/<int:planned_session_id>/order", orders.order, name="order"),
    path("planned-sessions/<int:planned_session_id>/order/preview", orders.preview, name="order_preview"),
    path("orders/<uuid:order_id>/cancel", orders.cancel, name="cancel"),
    path("orders/<uuid:order_id>/second-check", orders.second_check, name="second_check"),
]
