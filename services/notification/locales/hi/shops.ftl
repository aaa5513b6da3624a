which-shop = यह किस दुकान के लिए है?
which-shop-reply = नंबर या दुकान का नाम लिखकर भेजें।
which-shop-waits = उसके बाद "{ $words }" का जवाब दूँगा।
which-shop-resend = उसके बाद इसे फिर से भेजें: तब तक मैं केवल लिखी हुई बात रख सकता हूँ।
which-shop-button = चुनें

for-shop = { $shop } के लिए:

shop-chosen = अब से { $shop } के लिए काम करूँगा। बदलने के लिए SHOP लिखें।
shop-chosen-dropped = दूसरी दुकान की सूची हट गई; उससे कुछ ऑर्डर नहीं हुआ।
other-shop = वह बटन { $shop } की सूची का है, इसलिए कुछ नहीं किया गया। उस दुकान के लिए आगे बढ़ने को SHOP लिखें।
