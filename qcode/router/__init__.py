"""Plain language -> one exact call, a question, or "out of reach". Acting wrongly is worse than asking."""

from qcode.router.route import Call, OutOfReach, Question, route

__all__ = ["Call", "OutOfReach", "Question", "route"]
