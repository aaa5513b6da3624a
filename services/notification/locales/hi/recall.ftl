recalled = जैसा आपने पहले चुना था:
recalled-others = जैसा दूसरी दुकानें कहती हैं:
recalled-item = - "{ $phrase }": { $name }
recalled-forget = फिर से पूछा जाए, इसके लिए FORGET और वह शब्द लिखें।

forgotten = ठीक है। अब "{ $phrase }" का मतलब फिर से पूछूँगा। अब तक वह { $name } था।
forgotten-nothing = "{ $phrase }" से क्या समझना है, यह आपने पहले नहीं बताया है।

prices-changed = तब से ये दाम बदल गए हैं:
prices-changed-item = - { $name }: पहले { $before }, अब { $now }

choose-instead = इसकी जगह क्या लेंगे, चुनें:
