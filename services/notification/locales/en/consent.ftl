### Who wants no messages.

consent-out = You get no more messages from us, except answers to what you write and news of your orders while you write to us. Write START to get them again.
consent-in = You get our messages again. Write STOP to end them.
