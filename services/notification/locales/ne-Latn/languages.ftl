language-name = { $language ->
    [en] Angreji
    [ne] Nepali (Devanagari)
    [ne_latn] Nepali (Roman)
    [hi] Hindi
   *[other] { $language }
}

language-heard = Tapaile lekhejastai ma { $language } ma jawaf dinchhu. Yahi thik chha? Bhae { $keep } lekhnuhos.
language-keep = Ho, yahi rakhnuhos
language-other = Arko bhasa

language-set = Abadekhi ma { $language } ma jawaf dinchhu. Pherna LANGUAGE lekhnuhos.

which-language = Ma kun bhasama jawaf diu? Euta chhannuhos, wa lekhnuhos:
which-language-button = Chhannuhos
