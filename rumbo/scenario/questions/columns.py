"""What the columns of ``questions.csv`` may hold."""

from rumbo.files.cells import Column

DOES = ("set", "move", "lever", "deal", "outcome", "beds")
"""What a row of a question may do; see `rumbo.scenario.questions.question.Part`."""


def question_columns(quality: Column) -> tuple[Column, ...]:
    """Return the columns, given the one that all tables have of how a value is known."""
    first = "in the first row of a question"
    return (
        Column("question", "id", filled=True),
        Column("does", filled=True, known=DOES),
        Column("what", filled=True),
        Column("only", needed=False, adds="parameters of a lever that alone move, apart by ;"),
        Column("against", needed=False, adds="the outcome that another one is held against"),
        Column("at", needed=False, adds="where a value is set; everywhere if left out"),
        Column("group", needed=False, adds="for whom a value is set; for all if left out"),
        Column("value", "number or inf", needed=False, adds="the value that is set"),
        Column("since", "date", needed=False, adds="the day from which it is asked, if none is"),
        Column("until", "date", needed=False, adds="the first day after, if none is given"),
        Column("title_en"),
        Column("title_es"),
        Column("about_en", needed=False, adds=f"what it does, in English, {first}"),
        Column("about_es", needed=False, adds=f"what it does, in Spanish, {first}"),
        Column("with_en"),
        Column("with_es"),
        Column("without_en"),
        Column("without_es"),
        Column("source", filled=True),
        quality,
        Column("note", needed=False, adds="remarks for readers"),
    )
