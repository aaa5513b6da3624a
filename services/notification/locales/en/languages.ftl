### The language of our answers.

# $language (Text) Which one.
language-name = { $language ->
    [en] English
    [ne] Nepali
    [ne_latn] Nepali in Latin letters
    [hi] Hindi
   *[other] { $language }
}

# $language (Text) Name of the language.
# $keep (Text) The word and the name that keep it.
language-heard = I answer you in { $language }, as you write. Is that right? Then write { $keep }.
# At most 20 characters, like every button.
language-keep = Yes, keep it
# At most 20 characters, like every button.
language-other = Another language

# $language (Text) Name of the language.
language-set = From now on I answer you in { $language }. To change that, write LANGUAGE.

which-language = In which language shall I answer you? Choose one, or write:
# At most 20 characters, like every button.
which-language-button = Choose
