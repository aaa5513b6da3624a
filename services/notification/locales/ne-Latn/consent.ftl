consent-out = Aba hami aaphai sandesh pathaudainau. Tapaile lekhda jawaf ra tyatibelaka order ka khabar matra aauchhan. Pheri sandesh pauna START lekhnuhos.
consent-in = Aba hamra sandesh pheri aauchhan. Rokna STOP lekhnuhos.
