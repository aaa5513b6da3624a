which-shop = Yo kun pasalka lagi ho?
which-shop-reply = Number wa pasalko naam lekhera pathaunuhos.
which-shop-waits = Tyaspachhi "{ $words }" ko jawaf dinchhu.
which-shop-resend = Tyaspachhi yo pheri pathaunuhola: tabasamma ma lekhieko kura matra rakhna sakchhu.
which-shop-button = Chhannuhos

for-shop = { $shop } ka lagi:

shop-chosen = Abadekhi { $shop } ka lagi kaam garchhu. Pherna SHOP lekhnuhos.
shop-chosen-dropped = Arko pasalko suchi hatyo; tyasbata kehi order bhaeko chhaina.
other-shop = Tyo button { $shop } ko suchiko ho, tyasaile kehi gariena. Tyas pasalka lagi aghi badhna SHOP lekhnuhos.
which-shop-full = Tyatinjel yo bhanda dherai sandesh rakhna sakdina. Tyaspachhi "{ $words }" pheri pathaunuhos.
