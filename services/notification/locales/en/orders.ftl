### Messages about orders and money.

# $status (Text) Status of an order.
# $words (Text) The same in plain words, for a status that is not listed here.
status =
    { $status ->
        [placed] placed, we are finding a wholesaler
        [pending] placed, we are finding a wholesaler
        [routed] placed, we are finding a wholesaler
        [sent_to_vendor] waiting for the wholesaler
        [accepted] accepted by the wholesaler
        [packing] being packed
        [dispatched] dispatched
        [out_for_delivery] out for delivery
        [delivered] delivered
        [completed] completed
        [cancelled] cancelled
        [refused] refused
       *[other] { $words }
    }

# $method (Text) Method of payment.
# $words (Text) The same in plain words, for a method that is not listed here.
payment-method =
    { $method ->
        [cash] cash
        [bank_transfer] bank transfer
        [mobile_money] mobile money
        [cheque] cheque
       *[other] { $words }
    }

# $order (Text) Number of the order.
# $total (Money) To pay.
order-placed = Order { $order } is placed. Total: { $total }
# $vendor (Text) Name of the wholesaler.
order-placed-vendor = { $vendor } will deliver it.
order-placed-asking = We are asking a wholesaler now and tell you who delivers it.
# $left (Money) Credit that is left.
order-placed-credit = Credit left: { $left }
# $order (Text) Number of the order.
order-placed-status = Reply STATUS { $order } to see how far it is.

# $order (Text) Number of the order.
# $reason (Text) Why, as a sentence.
order-refused = Order { $order } could not be placed. { $reason }

# $order (Text) Number of the order.
# $status (Text) Status in words.
order-status = Order { $order }: { $status }
# $items (Number) Number of lines.
# $total (Money) To pay.
order-status-items =
    { $items ->
        [one] 1 item
       *[other] { $items } items
    }, total { $total }
# $vendor (Text) Name of the wholesaler.
order-status-vendor = Wholesaler: { $vendor }
# $day (Day) Due day of the invoice.
order-status-due = Payment due: { $day }

orders-none = You have no orders yet. Write one, for example: { -example-order }
orders = Your latest orders:
# $order (Text) Number of the order.
# $status (Text) Status in words.
# $total (Money) To pay.
orders-line = { $order }: { $status }, { $total }
# $order (Text) Number of the latest order.
orders-status = Reply STATUS { $order } to see one of them.

# $owed (Money) Owed for delivered orders.
balance-owed = You owe: { $owed }
# $ahead (Money) Paid in advance.
balance-ahead = In your favour: { $ahead }
# $held (Money) Held for orders under way.
# $limit (Money) Credit limit.
# $left (Money) Credit that is left.
balance-credit =
    Held for orders on the way: { $held }
    Credit limit: { $limit }
    Credit left: { $left }
# $amount (Money) Next amount to pay.
balance-next = Next payment: { $amount }
# $amount (Money) Next amount to pay.
# $day (Day) When it is due.
balance-next-by = Next payment: { $amount } by { $day }

# $vendor (Text) Name of the wholesaler.
# $order (Text) Number of the order.
vendor-assigned = { $vendor } accepted your order { $order } and will deliver it.

# $order (Text) Number of the order.
order-packing = Your order { $order } is being packed.
# $order (Text) Number of the order.
# $vendor (Text) Name of the wholesaler.
order-packing-by = Your order { $order } is being packed by { $vendor }.
# $order (Text) Number of the order.
order-dispatched = Your order { $order } has been dispatched.
# $order (Text) Number of the order.
# $vendor (Text) Name of the wholesaler.
order-dispatched-by = Your order { $order } has been dispatched by { $vendor }.
# $order (Text) Number of the order.
order-out = Your order { $order } is out for delivery. Please have somebody at the shop to receive it.
# $order (Text) Number of the order.
# $vendor (Text) Name of the wholesaler.
order-out-from = Your order { $order } from { $vendor } is out for delivery. Please have somebody at the shop to receive it.

# $order (Text) Number of the order.
order-delayed =
    Your order { $order } takes longer than usual: no wholesaler has taken it yet. Our team is looking for one and tells you soon.
    Reply CANCEL { $order } if you do not want to wait.

# $order (Text) Number of the order.
# $total (Money) Owed for it.
order-delivered =
    Your order { $order } is delivered.
    Total: { $total }
# $invoice (Text) Number of the invoice.
order-delivered-invoice = Invoice: { $invoice }
# $day (Day) When it is due.
order-delivered-due = Please pay by: { $day }
# $order (Text) Number of the order.
order-delivered-complete = Reply COMPLETE { $order } when you have checked the goods.
# At most 20 characters.
order-delivered-button = Received

# $order (Text) Number of the order.
order-completed = Thank you! Order { $order } is completed.

# $order (Text) Number of the order.
order-cancelled = Your order { $order } is cancelled. You owe nothing for it and its credit is free again.
# $order (Text) Number of the order.
# $reason (Text) Why, as a sentence.
order-cancelled-because = Your order { $order } is cancelled. { $reason } You owe nothing for it and its credit is free again.

# $order (Text) Number of the order.
# $why (Text) Why a person is needed, as a sentence.
order-escalated = Order { $order } needs you. { $why }

# $amount (Money) What was paid.
payment-received = We received your payment of { $amount }. Thank you!
# $amount (Money) What was paid.
# $method (Text) Method of payment in words.
payment-received-by = We received your payment of { $amount } ({ $method }). Thank you!
# $owed (Money) Owed after it.
payment-owed = You now owe { $owed }.
payment-settled = You owe nothing now.
