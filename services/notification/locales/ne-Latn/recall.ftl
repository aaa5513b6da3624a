recalled = Tapaile pahila rojeko anusar:
recalled-others = Aru pasalle bhane anusar:
recalled-item = - "{ $phrase }": { $name }
recalled-forget = Feri sodhna lagauna FORGET ra tyo shabda lekhnuhos.

forgotten = Huncha. Aba "{ $phrase }" bhanda ke ho, feri sodhnechhu. Ahilesamma { $name } thiyo.
forgotten-nothing = "{ $phrase }" bhanera ke bujhne, tapaile pahila bhannubhayeko chhaina.

prices-changed = Tyas yata yi mulya pheriyeka chhan:
prices-changed-item = - { $name }: pahila { $before }, ahile { $now }

choose-instead = Yasko satta ke line, chhannuhos:
