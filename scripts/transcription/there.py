"""People who were in Mexico when 2023 began, as guessed at the time."""

THERE_MONTH = "2023-01"

THERE = {
    "tapachula": (50_000, "efe_20221107", "7 November 2022; nationalities assumed"),
    "mexico_city": (20_000, "assumed", ""),
    "reynosa": (8_000, "cnn_202212", "December 2022; nationalities assumed"),
    "matamoros": (5_000, "cnn_202212", "December 2022; nationalities assumed"),
    "ciudad_juarez": (
        5_000,
        "razon_20221228",
        "28 December 2022, El Paso included; nationalities assumed",
    ),
    "tijuana": (
        3_600,
        "cnn_202212",
        "December 2022: 9000, of whom 60 % Mexicans are left out; nationalities assumed",
    ),
    "piedras_negras": (3_000, "razon_20221228", "28 December 2022; nationalities assumed"),
}
"""Place: persons, source and note."""

THERE_SHARES = {"HTI": 0.47, "VEN": 0.31, "CUB": 0.11, "HND": 0.11}
"""Their nationalities, the same everywhere; assumed."""
