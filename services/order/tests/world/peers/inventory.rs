//! The inventory service.

use khaacho_fault::Fault;
use khaacho_money::Quantity;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::ReservationState as Stock;

use crate::world::books::{Books, PRODUCTS, Reservation};
use crate::world::stage::peer;

peer!(
    Catalog,
    "khaacho.inventory.v1.CatalogService",
    "MatchProducts" => match_products,
    "GetProduct" => get_product,
    "FindAliases" => find_aliases,
    "LearnPhrases" => learn_phrases,
    "ForgetAlias" => forget_alias,
);
peer!(
    Vendors,
    "khaacho.inventory.v1.VendorService",
    "GetVendor" => get_vendor,
    "FindVendor" => find_vendor,
    "SetVendorLanguage" => set_vendor_language,
);
peer!(Offers, "khaacho.inventory.v1.OfferService", "ListOffers" => list_offers, "SetOffer" => set_offer);
peer!(Stocks, "khaacho.inventory.v1.StockService", "AdjustStock" => adjust_stock);
peer!(Quotes, "khaacho.inventory.v1.QuoteService", "QuoteLines" => quote_lines, "FindAlternatives" => find_alternatives);
peer!(
    Reservations,
    "khaacho.inventory.v1.ReservationService",
    "Reserve" => reserve,
    "Consume" => consume,
    "Release" => release,
);

fn set_vendor_language(
    books: &mut Books,
    asked: inventory::SetVendorLanguageRequest,
) -> Result<inventory::SetVendorLanguageResponse, Fault> {
    let language = asked.language();
    if books.sets_language(asked.request_id, &asked.vendor, language) {
        let mut vendors = books.vendors.iter_mut();
        let vendor = vendors.find(|vendor| vendor.vendor_id == asked.vendor);
        let vendor = vendor.ok_or_else(|| Fault::not_found("VENDOR_UNKNOWN"))?;
        vendor.set_language(language);
    }
    Ok(inventory::SetVendorLanguageResponse::default())
}

/// Words of names are aliases, keys are keys; everything is sold by the sack. `suger` is near sugar.
fn match_products(
    books: &mut Books,
    asked: inventory::MatchProductsRequest,
) -> Result<inventory::MatchProductsResponse, Fault> {
    if !asked.text.is_empty() {
        let mut found = mentioned(&asked.text);
        for product in &mut found.products {
            let offers = books.prices.iter().filter(|((_, sku), _)| *sku == product.sku);
            product.price_paisa = offers.map(|(_, price)| *price).min().unwrap_or(0);
        }
        found.catalogue_version = books.catalogue;
        return Ok(found);
    }
    let near = |phrase: &inventory::MatchPhrase| {
        let sugar = inventory::MatchCandidate {
            sku: "SUGAR".to_owned(),
            ..Default::default()
        };
        let near = Some(sugar).filter(|_| phrase.phrase == "suger");
        inventory::ProductMatch {
            suggestions: near.into_iter().collect(),
            ..Default::default()
        }
    };
    let matches = asked.phrases.iter().map(near);
    Ok(inventory::MatchProductsResponse {
        matches: matches.collect(),
        ..Default::default()
    })
}

fn mentioned(text: &str) -> inventory::MatchProductsResponse {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut mentions = Vec::new();
    let mut start = 0;
    for glued in text.split(|c: char| !part(c)) {
        // 2xjeera
        let counted = glued.trim_start_matches(|c: char| c.is_ascii_digit());
        let word = counted.strip_prefix('x').filter(|_| counted.len() < glued.len());
        let word = word.unwrap_or(glued);
        let from = start + glued.len() - word.len();
        let products: Vec<u32> = (0..)
            .zip(PRODUCTS)
            .filter(|(_, (sku, name, _))| {
                let named = name.split(' ').any(|n| n.eq_ignore_ascii_case(word));
                named || word.contains('-') && sku.eq_ignore_ascii_case(word)
            })
            .map(|(at, _)| at)
            .collect();
        if !products.is_empty() {
            mentions.push(inventory::ProductMention {
                start: u32::try_from(from).expect("short"),
                end: u32::try_from(from + word.len()).expect("short"),
                kind: inventory::MentionKind::Alias.into(),
                score: 1000,
                products,
                cut: false,
            });
        }
        start += glued.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    let product = |(sku, name, _): &(&str, &str, u32)| inventory::MentionedProduct {
        sku: (*sku).to_owned(),
        name: (*name).to_owned(),
        base_unit: "sack".to_owned(),
        default_unit: "sack".to_owned(),
        pack_quantity: 1,
        order_units: vec![inventory::OrderUnit {
            unit: "sack".to_owned(),
            factor: 1,
        }],
        price_paisa: 100_000,
        available_milli: 100_000,
        ..Default::default()
    };
    inventory::MatchProductsResponse {
        products: PRODUCTS.iter().map(product).collect(),
        mentions,
        ..Default::default()
    }
}

fn get_product(
    _: &mut Books,
    asked: inventory::GetProductRequest,
) -> Result<inventory::GetProductResponse, Fault> {
    let known = PRODUCTS.iter().find(|(sku, _, _)| *sku == asked.sku);
    let (sku, name, _) = known.ok_or_else(|| Fault::not_found("PRODUCT_UNKNOWN"))?;
    let product = inventory::Product {
        sku: (*sku).to_owned(),
        name: (*name).to_owned(),
        base_unit: "sack".to_owned(),
        order_units: vec![inventory::OrderUnit {
            unit: "sack".to_owned(),
            factor: 1,
        }],
        active: true,
        ..Default::default()
    };
    Ok(inventory::GetProductResponse {
        product: Some(product),
    })
}

fn find_aliases(
    books: &mut Books,
    asked: inventory::FindAliasesRequest,
) -> Result<inventory::FindAliasesResponse, Fault> {
    let alias = |phrase: &String| {
        let key = (asked.account_id.clone(), phrase.to_lowercase());
        let sku = books.aliases.get(&key).cloned();
        inventory::FoundAlias {
            own: sku.is_some(),
            sku: sku.unwrap_or_default(),
        }
    };
    Ok(inventory::FindAliasesResponse {
        aliases: asked.phrases.iter().map(alias).collect(),
    })
}

fn learn_phrases(
    books: &mut Books,
    asked: inventory::LearnPhrasesRequest,
) -> Result<inventory::LearnPhrasesResponse, Fault> {
    for learned in asked.learned {
        let key = (asked.account_id.clone(), learned.phrase.to_lowercase());
        books.aliases.insert(key, learned.sku);
    }
    books.unmatched.extend(asked.unmatched);
    Ok(inventory::LearnPhrasesResponse::default())
}

fn forget_alias(
    books: &mut Books,
    asked: inventory::ForgetAliasRequest,
) -> Result<inventory::ForgetAliasResponse, Fault> {
    let key = (asked.account_id, asked.phrase.to_lowercase());
    let sku = books.aliases.remove(&key).unwrap_or_default();
    let name = PRODUCTS.iter().find(|(known, _, _)| *known == sku);
    Ok(inventory::ForgetAliasResponse {
        name: name.map_or_else(String::new, |(_, name, _)| (*name).to_owned()),
        sku,
    })
}

/// Everything else that somebody has enough of.
fn find_alternatives(
    books: &mut Books,
    asked: inventory::FindAlternativesRequest,
) -> Result<inventory::FindAlternativesResponse, Fault> {
    let most = |sku: &str| {
        let each = books.vendors.iter().map(|v| books.available(&v.vendor_id, sku));
        each.max().unwrap_or(0)
    };
    let alternatives = mentioned("").products.into_iter().filter_map(|product| {
        let fits = product.sku != asked.sku && most(&product.sku) >= asked.quantity_milli;
        fits.then_some(inventory::Alternative {
            product: Some(product),
            quantity_milli: asked.quantity_milli,
        })
    });
    Ok(inventory::FindAlternativesResponse {
        alternatives: alternatives.collect(),
    })
}

fn offer_of(books: &Books, vendor_id: &str, sku: &str) -> Option<inventory::Offer> {
    let key = (vendor_id.to_owned(), sku.to_owned());
    let on_hand_milli = books.stock.get(&key).copied().unwrap_or(0);
    Some(inventory::Offer {
        vendor_id: vendor_id.to_owned(),
        sku: sku.to_owned(),
        price_paisa: *books.prices.get(&key)?,
        on_hand_milli,
        reserved_milli: on_hand_milli - books.available(vendor_id, sku),
        minimum_quantity: 1,
        active: true,
        ..Default::default()
    })
}

fn list_offers(
    books: &mut Books,
    asked: inventory::ListOffersRequest,
) -> Result<inventory::ListOffersResponse, Fault> {
    Ok(inventory::ListOffersResponse {
        offers: offer_of(books, &asked.vendor_id, &asked.sku)
            .into_iter()
            .collect(),
        ..Default::default()
    })
}

fn set_offer(
    books: &mut Books,
    asked: inventory::SetOfferRequest,
) -> Result<inventory::SetOfferResponse, Fault> {
    books.updates.push(asked.request_id);
    books
        .prices
        .insert((asked.vendor_id, asked.sku), asked.price_paisa);
    Ok(inventory::SetOfferResponse::default())
}

/// Only differences, each request once; never below what is promised.
fn adjust_stock(
    books: &mut Books,
    asked: inventory::AdjustStockRequest,
) -> Result<inventory::AdjustStockResponse, Fault> {
    assert!(!asked.counted && asked.delta_milli != 0 && !asked.reason.is_empty());
    let known = books.updates.contains(&asked.request_id);
    books.updates.push(asked.request_id);
    let offer = offer_of(books, &asked.vendor_id, &asked.sku);
    let offer = offer.ok_or_else(|| Fault::not_found("OFFER_UNKNOWN"))?;
    if !known {
        let on_hand = offer.on_hand_milli + asked.delta_milli;
        if on_hand < offer.reserved_milli {
            return Err(Fault::refused("STOCK_BELOW_RESERVED").fact("reserved_milli", offer.reserved_milli));
        }
        let key = (asked.vendor_id.clone(), asked.sku.clone());
        books.stock.insert(key, on_hand);
    }
    Ok(inventory::AdjustStockResponse {
        offer: offer_of(books, &asked.vendor_id, &asked.sku),
    })
}

fn get_vendor(
    books: &mut Books,
    asked: inventory::GetVendorRequest,
) -> Result<inventory::GetVendorResponse, Fault> {
    let named = |v: &&inventory::Vendor| v.vendor_id == asked.vendor || v.code == asked.vendor;
    let vendor = books.vendors.iter().find(named).cloned();
    let vendor = vendor.ok_or_else(|| Fault::not_found("VENDOR_UNKNOWN"))?;
    Ok(inventory::GetVendorResponse { vendor: Some(vendor) })
}

fn find_vendor(
    books: &mut Books,
    asked: inventory::FindVendorRequest,
) -> Result<inventory::FindVendorResponse, Fault> {
    khaacho_phone::Phone::parse(&asked.phone).map_err(|error| Fault::invalid("phone", error.to_string()))?;
    let vendor = books.vendors.iter().find(|v| v.phone == asked.phone).cloned();
    Ok(inventory::FindVendorResponse {
        found: vendor.is_some(),
        vendor,
    })
}

fn quote_lines(
    books: &mut Books,
    asked: inventory::QuoteLinesRequest,
) -> Result<inventory::QuoteLinesResponse, Fault> {
    let resolve = |line: &inventory::AskedLine| {
        let quantity = line
            .quantity
            .parse::<Quantity>()
            .ok()
            .filter(|q| *q > Quantity::ZERO);
        let quantity = quantity.ok_or_else(|| Fault::invalid("lines[0].quantity", "must be more than 0"))?;
        let known = PRODUCTS.iter().find(|(sku, _, _)| *sku == line.sku);
        Ok(inventory::ResolvedLine {
            sku: line.sku.clone(),
            name: known.map_or(String::new(), |(_, name, _)| (*name).to_owned()),
            quantity: quantity.to_string(),
            unit: "sack".to_owned(),
            quantity_milli: quantity.milli(),
            vat_bp: known.map_or(0, |(_, _, vat)| *vat),
            problem: known.map_or("PRODUCT_UNKNOWN", |_| "").to_owned(),
        })
    };
    let lines: Vec<_> = asked.lines.iter().map(resolve).collect::<Result<_, Fault>>()?;
    let at = |vendor: &inventory::Vendor, line: &inventory::ResolvedLine| {
        let price = books
            .prices
            .get(&(vendor.vendor_id.clone(), line.sku.clone()))
            .copied();
        let available_milli = books.available(&vendor.vendor_id, &line.sku);
        let problem = match price {
            None => "OFFER_UNKNOWN",
            Some(_) if available_milli < line.quantity_milli => "STOCK_SHORT",
            Some(_) => "",
        };
        inventory::VendorLine {
            offered: price.is_some(),
            unit_price_paisa: price.unwrap_or(0),
            amount_paisa: price.unwrap_or(0).saturating_mul(line.quantity_milli / 1000),
            available_milli,
            minimum_quantity: 1,
            problem: problem.to_owned(),
        }
    };
    let quote = |vendor: &inventory::Vendor| {
        let priced: Vec<_> = lines.iter().map(|line| at(vendor, line)).collect();
        inventory::VendorQuote {
            vendor: Some(vendor.clone()),
            complete: priced.iter().all(|l| l.problem.is_empty()),
            subtotal_paisa: priced.iter().map(|l| l.amount_paisa).sum(),
            lines: priced,
            ..Default::default()
        }
    };
    let vendors = books.vendors.iter().map(quote).collect();
    Ok(inventory::QuoteLinesResponse {
        lines,
        vendors,
        price_version: 1,
    })
}

fn reserve(books: &mut Books, asked: inventory::ReserveRequest) -> Result<inventory::ReserveResponse, Fault> {
    let key = (asked.order_id.clone(), asked.attempt);
    if let Some(known) = books.reservations.get(&key) {
        if known.state == Stock::Released {
            return Err(Fault::refused("RESERVATION_RELEASED"));
        }
        assert_eq!(
            (&known.vendor_id, &known.lines),
            (&asked.vendor_id, &asked.lines),
            "one content an attempt"
        );
        return Ok(inventory::ReserveResponse::default());
    }
    let old = (asked.order_id.clone(), asked.replaces_attempt);
    let before = books
        .reservations
        .get(&old)
        .cloned()
        .filter(|_| asked.replaces_attempt > 0);
    if let Some(replaced) = books
        .reservations
        .get_mut(&old)
        .filter(|_| asked.replaces_attempt > 0)
    {
        replaced.state = Stock::Released;
    }
    let short = |l: &inventory::ReservedLine| books.available(&asked.vendor_id, &l.sku) < l.quantity_milli;
    if asked.lines.iter().any(short) {
        if let Some(before) = before {
            books.reservations.insert(old, before);
        }
        return Err(Fault::refused("STOCK_SHORT").say("only 0 can be had"));
    }
    let made = Reservation {
        vendor_id: asked.vendor_id,
        lines: asked.lines,
        state: Stock::Pending,
    };
    books.reservations.insert(key, made);
    Ok(inventory::ReserveResponse::default())
}

fn consume(books: &mut Books, asked: inventory::ConsumeRequest) -> Result<inventory::ConsumeResponse, Fault> {
    let known = books.reservations.get_mut(&(asked.order_id, asked.attempt));
    let known = known.ok_or_else(|| Fault::not_found("RESERVATION_UNKNOWN"))?;
    match known.state {
        Stock::Released => return Err(Fault::refused("RESERVATION_RELEASED")),
        Stock::Consumed => return Ok(inventory::ConsumeResponse::default()),
        _ => known.state = Stock::Consumed,
    }
    let known = known.clone();
    for line in &known.lines {
        *books
            .stock
            .entry((known.vendor_id.clone(), line.sku.clone()))
            .or_default() -= line.quantity_milli;
    }
    Ok(inventory::ConsumeResponse::default())
}

fn release(books: &mut Books, asked: inventory::ReleaseRequest) -> Result<inventory::ReleaseResponse, Fault> {
    let mark = Reservation {
        vendor_id: asked.vendor_id,
        lines: Vec::new(),
        state: Stock::Released,
    };
    let known = books
        .reservations
        .entry((asked.order_id, asked.attempt))
        .or_insert(mark);
    if known.state == Stock::Consumed {
        return Err(Fault::refused("RESERVATION_CONSUMED"));
    }
    known.state = Stock::Released;
    Ok(inventory::ReleaseResponse::default())
}
