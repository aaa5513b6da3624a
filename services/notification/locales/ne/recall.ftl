recalled = तपाईंले पहिले रोजेअनुसार:
recalled-others = अरू पसलले भनेअनुसार:
recalled-item = - "{ $phrase }": { $name }
recalled-forget = फेरि सोध्न लगाउन FORGET र त्यो शब्द लेख्नुहोस्।

forgotten = हुन्छ। अब "{ $phrase }" भन्दा के हो, फेरि सोध्नेछु। अहिलेसम्म { $name } थियो।
forgotten-nothing = "{ $phrase }" भनेर के बुझ्ने, तपाईंले पहिले भन्नुभएको छैन।

prices-changed = त्यसयता यी मूल्य फेरिएका छन्:
prices-changed-item = - { $name }: पहिले { $before }, अहिले { $now }

choose-instead = यसको सट्टा के लिने, छान्नुहोस्:
