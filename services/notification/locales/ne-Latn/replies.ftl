welcome =
    Khaacho ma swagat chha. Yo number ajhai darta bhaeko chhaina, tyasaile yaha bata order lina sakdainau.
    Pasal darta garna hamro team lai bhannuhos. Tyaspachhi yahi bata udharo ma order garna saknuhunchha.
welcome-call =
    Khaacho ma swagat chha. Yo number ajhai darta bhaeko chhaina, tyasaile yaha bata order lina sakdainau.
    Pasal darta garna { $phone } ma phone garnuhos. Tyaspachhi yahi bata udharo ma order garna saknuhunchha.

account-blocked = Tapaiko khata bata ahile order garna mildaina. { $reason }
account-blocked-call = Yo milauna { $phone } ma phone garnuhos.

help =
    Order garne tarika: ke kati chahiyo lekhnuhos, jastai
    { -example-order }
    wa saman ko code le: RICE-JEERA-25KG x 2
    Hami mulya ra lina milne udharo pathauchhau, ani CONFIRM, CHANGE wa CANCEL lekhnuhos.

    Aru shabda:
    STATUS - pachhilla order; STATUS { -example-number } - euta order
    CANCEL { -example-number } - saman aunu aghi order radda garna
    BALANCE - tirna baki rakam ra lina milne udharo
    LANGUAGE - hamro jawaf ko bhasa
    HELP - yahi sandesh
help-call = Aru kura ko lagi { $phone } ma phone garnuhos.

greeting =
    Namaste, { $shop }! Aphno order lekhnuhos, jastai: { -example-order }
    Aru ke sodhna milchha herna HELP lekhnuhos.

thanks = Hajurlai swagat chha! Kehi chahiyo bhane junsukai bela order lekhnuhos.

not-understood = Maaph garnuhos, bujhna sakiena.
not-understood-example =
    Ke kati chahiyo lekhnuhos, jastai: { -example-order }
    Aru ke sodhna milchha herna HELP lekhnuhos.

unknown-product = "{ $phrase }" bhanne saman bhetiena. Kripaya naam arkai tarika le wa saman ko code lekhnuhos.
unknown-product-meant = "{ $phrase }" bhanne saman bhetiena. Yi madhye kunai khojnubhaeko ho?
unknown-product-again = Kripaya naam wa code rakhera pheri order lekhnuhos.

product = { $name } ({ $sku }), { $price }
price-from = { $price } dekhi
price-none = ahile kasai sanga chhaina

choose-product = "{ $phrase }" bhannale kun khojnubhaeko ho?
choose-product-reply = Number lekhera pathaunuhos.
choose-product-more = Thap { $more } wata milchhan: ti madhye kunai ho bhane naam ajha khulaera list pheri pathaunuhos.
choose-product-button = Chhannuhos

nothing-to-confirm =
    Pakka garnuparne kehi chhaina. Aphno order lekhnuhos, jastai: { -example-order }
    Aphna order herna STATUS lekhnuhos.

not-found-order =
    Tapaiko { $number } number ko order bhetiena. Order number { -example-number } jasto hunchha.
    Pachhilla order herna STATUS lekhnuhos.

try-again-later = Maaph garnuhos, ahile hamro tarpha kehi samasya chha. Kehi minute pachhi pheri lekhnuhos.
