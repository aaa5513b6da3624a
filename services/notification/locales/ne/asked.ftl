vendor-ask-takes = अर्डर { $order } लिनुहुन्छ?
vendor-ask-refuses = अर्डर { $order } लिनुहुन्न?
vendor-ask-left = अर्डर { $order } निस्किसक्यो?
vendor-ask-left-unpacked = अर्डर { $order } निस्किसक्यो? प्याक हुँदै छ भनेर अहिलेसम्म भन्नुभएको छैन।
vendor-ask-left-before = अर्डर { $order } पठाइएको भनेर पहिले नै लेखिएको छ। अब पसलतिर जाँदै छ?
vendor-ask-left-untaken = अर्डर { $order } अझै तपाईंको भएको छैन, तपाईंको जवाफ पर्खँदै छ। लिनुहुन्छ?

vendor-ask-answer-within = अहिलेसम्म केही गरिएको छैन। { $minutes } मिनेटभित्र, लिने भए ACCEPT { $order }, नलिने भए DECLINE { $order } र कारण लेख्नुहोस्।
vendor-ask-answer = अहिलेसम्म केही गरिएको छैन। लिने भए ACCEPT { $order }, नलिने भए DECLINE { $order } र कारण लेख्नुहोस्।
vendor-ask-dispatched = अहिलेसम्म केही लेखिएको छैन। हो भने DISPATCHED { $order } लेख्नुहोस्।
vendor-ask-packing = अहिलेसम्म केही लेखिएको छैन। पहिले PACKING { $order }, त्यसपछि DISPATCHED { $order } लेख्नुहोस्।
vendor-ask-out = अहिलेसम्म केही लेखिएको छैन। हो भने OUT { $order } लेख्नुहोस्।

vendor-button-packing = प्याक हुँदै
vendor-button-dispatched = पठाइयो
vendor-button-out = बाटोमा

vendor-which-takes = कुन अर्डर लिनुहुन्छ?
vendor-which-refuses = कुन अर्डर लिनुहुन्न?
vendor-which-left = कुन अर्डर निस्कियो?
vendor-which-line = { $shop }, { $total }
vendor-which-reply = अहिलेसम्म केही गरिएको छैन। एउटा छान्नुहोस्, वा यहाँ लेखिएको शब्द र नम्बर जस्ताको तस्तै लेख्नुहोस्।
vendor-which-more = अरू पनि छन्; जुन हो त्यसको नम्बरसहित शब्द लेख्नुहोस्।
vendor-which-button = छान्नुहोस्

vendor-partial = अर्डर { $order }, तपाईंले भनेकोबाट यो बुझें:
vendor-partial-unread = अर्डर { $order }: यसबाट के पठाउन सक्नुहुन्छ, बुझिनँ।
vendor-partial-all = - { $name }: सबै { $amount }
vendor-partial-some = - { $name }: { $amount } मध्ये { $can }
vendor-partial-none = - { $name }: { $amount } मध्ये केही पनि होइन
vendor-partial-unsaid = - { $name }: { $amount }, यसबारे भन्नुभएको छैन
vendor-partial-foreign = यो अर्डरमा "{ $words }" छैन।
vendor-partial-unclear = "{ $words }" बुझिनँ।
vendor-partial-offered = केही बदलिएको छैन: अर्डर पूरै लिनुपर्छ, नत्र नलिनुपर्छ। केही भाग कसरी पठाउने भनेर हाम्रो मान्छेले हेर्नेछ। पूरै लिने भए ACCEPT { $order }, नलिने भए DECLINE { $order } र कारण लेख्नुहोस्।
vendor-partial-within = यसले तपाईंलाई अझै { $minutes } मिनेट पर्खन्छ; त्यसपछि लिन मिल्दैन।
vendor-partial-taken = केही बदलिएको छैन: तपाईंले पूरै अर्डर लिइसक्नुभएको छ। हाम्रो मान्छेले हेर्नेछ।
vendor-partial-which = कुन अर्डर हो? कृपया नम्बरसहित फेरि लेख्नुहोस्:
vendor-partial-more = अरू पनि छन्; आफ्ना अर्डर हेर्न ORDERS लेख्नुहोस्।
