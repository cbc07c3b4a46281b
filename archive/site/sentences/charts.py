"""The charts."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "charts": ("Графики", "Графиктер", "Charts"),
    "charts_are": (
        "Статьи по времени. Впишите слово и увидите, какая доля статей о нём.",
        "Мақалалар уақыт бойынша. Сөз жазсаңыз, ол туралы мақалалар үлесі көрінеді.",
        "Articles over time. Type a word to see the share of articles about it.",
    ),
    "bar_cut": (
        "Последний столбец неполон: показано по {day}.",
        "Соңғы баған толық емес: көрсетілген соңғы күн – {day}.",
        "The last bar is incomplete: shown up to {day}.",
    ),
    "bar_not_over": (
        "Последний столбец неполон: его время ещё не истекло.",
        "Соңғы баған толық емес: оның мерзімі әлі біткен жоқ.",
        "The last bar is incomplete: its time is not over yet.",
    ),
    "bar_not_crawled": (
        "Последний столбец неполон: последний сбор начался {when}.",
        "Соңғы баған толық емес: соңғы жинау басталған уақыт – {when}.",
        "The last bar is incomplete: the last crawl began {when}.",
    ),
    "undated_beside": (
        "Без даты, и потому не на графиках: {counted}.",
        "Күні көрсетілмей, графиктерге кірмегені: {counted}.",
        "Without a date, and so not in the charts: {counted}.",
    ),
    "charts_label": ("Слово или слова", "Сөз не сөздер", "A word or words"),
    "by_source": ("По источникам", "Дереккөздер бойынша", "By source"),
    "by_section": ("По рубрикам", "Айдарлар бойынша", "By section"),
    "share_of_articles": (
        "«{words}»: сколько статей на каждую тысячу",
        "«{words}»: әр мың мақалаға қанша мақаладан келеді",
        "“{words}”: articles in each thousand",
    ),
    "in_all": ("всего {counted}", "барлығы {counted}", "{counted} in all"),
    "axis_top": ("шкала до {top}", "шкала шегі: {top}", "scale to {top}"),
    "as_table": ("Числами", "Сандармен", "As numbers"),
}
