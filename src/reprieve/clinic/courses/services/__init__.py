"""Every write on courses, plans, orders and second checks."""

from reprieve.clinic.courses.services.checks import second_check_enter
from reprieve.clinic.courses.services.courses import course_close, course_create, planned_session_move
from reprieve.clinic.courses.services.orders import order_cancel, order_sign

__all__ = [
    "course_close",
    "course_create",
    "order_cancel",
    "order_sign",
    "planned_session_move",
    "second_check_enter",
]
