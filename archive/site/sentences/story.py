"""The story in all its papers."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "only_this_paper": ("Только в этом издании", "Тек осы басылымда", "In this paper only"),
    "story_elsewhere": (
        "Этот текст у других",
        "Бұл мәтін басқаларда",
        "This text elsewhere",
    ),
    "story_not_compared": (
        "Ещё не все тексты этого архива сравнили друг с другом.",
        "Бұл мұрағаттың мәтіндері әлі толық салыстырылмаған.",
        "Not all texts of this archive have been compared yet.",
    ),
    "story_alone": (
        "В архиве этого текста больше ни у кого нет.",
        "Мұрағатта бұл мәтін басқа ешкімде жоқ.",
        "Nobody else in the archive has this text.",
    ),
    "story_is": (
        "По времени публикации; подчёркнуто то, чего нет в первой.",
        "Жарияланған уақыты бойынша; алғашқысында жоғы астын сызып көрсетілген.",
        "In order of publication; what the first one has not is underlined.",
    ),
    "story_compare": ("Кто что добавил", "Кім не қосты", "What each one added"),
    "story_differs": (
        "Против первой: добавлено {added}, опущено {left_out}.",
        "Алғашқысымен салыстырғанда: қосылғаны {added}, қалдырылғаны {left_out}.",
        "Against the first: {added} added, {left_out} left out.",
    ),
    "story_word_for_word": ("Слово в слово.", "Сөзбе-сөз.", "Word for word."),
}
