"""Answers that are no page."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "not_found": ("Такой страницы нет", "Мұндай бет жоқ", "There is no such page"),
    "taken_down": (
        "Эта статья изъята из архива",
        "Бұл мақала мұрағаттан алынды",
        "This article was taken down",
    ),
    "taken_down_hint": (
        "Её текста здесь больше нет, и он не будет собран снова.",
        "Оның мәтіні мұнда жоқ, ол қайта жиналмайды.",
        "Its text is not here any more, and it will not be collected again.",
    ),
    "barred_hint": (
        "Она изъята в другом архиве, открытом рядом, поэтому не показывается и здесь.",
        "Ол қатар ашылған басқа мұрағаттан алынған, сондықтан мұнда да көрсетілмейді.",
        "It was taken down in another archive that stands beside this one, so it is not shown here either.",
    ),
    "not_found_hint": (
        "Возможно, адрес переписан с ошибкой. Попробуйте найти статью по словам.",
        "Мекенжай қате көшірілген болар. Мақаланы сөздері бойынша іздеп көріңіз.",
        "The address may have been copied wrongly. Try to find the article by its words.",
    ),
    "forbidden": ("Сюда нельзя", "Бұған рұқсат жоқ", "Not allowed"),
    "refused": ("Так не получится", "Бұлай болмайды", "That cannot be done"),
    "server_said": ("Ответ сервера: {said}", "Сервер жауабы: {said}", "The server says: {said}"),
}
