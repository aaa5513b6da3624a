vendor-ask-takes = Order { $order } linuhunchha?
vendor-ask-refuses = Order { $order } linuhunna?
vendor-ask-left = Order { $order } niskisakyo?
vendor-ask-left-unpacked = Order { $order } niskisakyo? Pack hudai chha bhanera ahilesamma bhannubhaeko chhaina.
vendor-ask-left-before = Order { $order } pathaieko bhanera pahile nai lekhieko chha. Aba pasal tira jadai chha?
vendor-ask-left-untaken = Order { $order } ajhai tapaiko bhaeko chhaina, tapaiko jawaph parkhadai chha. Linuhunchha?

vendor-ask-answer-within = Ahilesamma kehi garieko chhaina. { $minutes } minute bhitra, line bhae ACCEPT { $order }, naline bhae DECLINE { $order } ra karan lekhnuhos.
vendor-ask-answer = Ahilesamma kehi garieko chhaina. Line bhae ACCEPT { $order }, naline bhae DECLINE { $order } ra karan lekhnuhos.
vendor-ask-dispatched = Ahilesamma kehi lekhieko chhaina. Ho bhane DISPATCHED { $order } lekhnuhos.
vendor-ask-packing = Ahilesamma kehi lekhieko chhaina. Pahile PACKING { $order }, tyaspachhi DISPATCHED { $order } lekhnuhos.
vendor-ask-out = Ahilesamma kehi lekhieko chhaina. Ho bhane OUT { $order } lekhnuhos.

vendor-button-packing = Pack hudai
vendor-button-dispatched = Pathaiyo
vendor-button-out = Bato ma

vendor-which-takes = Kun order linuhunchha?
vendor-which-refuses = Kun order linuhunna?
vendor-which-left = Kun order niskiyo?
vendor-which-line = { $shop }, { $total }
vendor-which-reply = Ahilesamma kehi garieko chhaina. Euta chhannuhos, wa yaha lekhieko shabda ra number jastako tastai lekhnuhos.
vendor-which-more = Aru pani chhan; jun ho tyasko number sahit shabda lekhnuhos.
vendor-which-button = Chhannuhos

vendor-partial = Order { $order }, tapaile bhanekobata yo bujhe:
vendor-partial-unread = Order { $order }: yasbata ke pathauna saknuhunchha, bujhina.
vendor-partial-all = - { $name }: sabai { $amount }
vendor-partial-some = - { $name }: { $amount } madhye { $can }
vendor-partial-none = - { $name }: { $amount } madhye kehi pani hoina
vendor-partial-unsaid = - { $name }: { $amount }, yasbare bhannubhaeko chhaina
vendor-partial-foreign = Yo order ma "{ $words }" chhaina.
vendor-partial-unclear = "{ $words }" bujhina.
vendor-partial-offered = Kehi badalieko chhaina: order puro linu parchha, natra nalinu parchha. Kehi bhag kasari pathaune bhanera hamro manchhe le hernechha. Puro linu bhae ACCEPT { $order }, nalinu bhae DECLINE { $order } ra karan lekhnuhos.
vendor-partial-within = Yasle tapailai ajha { $minutes } minute parkhanchha; tyaspachhi lina mildaina.
vendor-partial-taken = Kehi badalieko chhaina: tapaile puro order liisaknubhaeko chha. Hamro manchhe le hernechha.
vendor-partial-which = Kun order ho? Kripaya number sahit pheri lekhnuhos:
vendor-partial-more = Aru pani chhan; aphna order herna ORDERS lekhnuhos.
