"""Headers become fields: by what the user says, by known exports, by name in seven languages, at last by content."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from regulars.base.errors import InputError, SettingsError
from regulars.base.settings import Settings
from regulars.orders.header import raw_from_rows
from regulars.orders.raw import RawSource, Recognised
from regulars.orders.recognise import order_columns
from regulars.orders.sources import read_sources, recognised

ROWS = 40
VALUES: dict[str, Callable[[int], object]] = {
    "id": lambda index: f"C{index % 13}",
    "order": lambda index: f"#{1000 + index // 2}",
    "date": lambda index: f"2024-01-{1 + index % 28:02d} 10:00",
    "money": lambda index: f"{9.5 + index:.2f}",
    "count": lambda index: str(1 + index % 3),
    "text": lambda index: f"text {index % 5}",
    "mail": lambda index: f"a{index % 13}@example.org",
    "code": lambda _index: "GBP",
    "country": lambda _index: "France",
    "order total": lambda index: "100.00" if index % 2 == 0 else None,
    "nothing": lambda _index: None,
}


def sheet(columns: dict[str, str], name: str = "Sheet1") -> RawSource:
    rows: list[list[object]] = [list(columns)]
    rows += [[VALUES[kind](index) for kind in columns.values()] for index in range(ROWS)]
    return raw_from_rows(name, rows)


def found(columns: dict[str, str], told: dict[str, str] | None = None, *, by_content: bool = False) -> dict[str, str]:
    raw = sheet(columns)
    return {field: raw.headers[index] for field, index in order_columns(raw, told or {}, by_content=by_content).items()}


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (
            {"Rechnungsnr.": "order", "Rechnungsdatum": "date", "Kundennr.": "id", "Kundenname": "text", "Artikelnr.": "text",
             "Bezeichnung": "text", "Menge": "count", "Einzelpreis": "money", "Gesamtpreis": "money", "Lieferdatum": "date"},
            "order date customer - product description quantity price amount -",
        ),
        (
            {"Bon-Nr.": "order", "Datum": "date", "Uhrzeit": "text", "Kunde": "id", "Artikel": "text", "Anzahl": "count",
             "Preis": "money", "Summe": "money"},
            "order date - customer product quantity price amount",
        ),
        (
            {"N° facture": "order", "Date": "date", "Client": "id", "Désignation": "text", "Qté": "count",
             "Prix unitaire": "money", "Montant TTC": "money", "Date de livraison": "date"},
            "order date customer description quantity price amount -",
        ),
        (
            {"Fecha": "date", "Cliente": "id", "Nº pedido": "order", "Producto": "text", "Cantidad": "count", "Precio": "money",
             "Importe": "money"},
            "date customer order product quantity price amount",
        ),
        (
            {"Data ordine": "date", "Codice cliente": "id", "Numero ordine": "order", "Descrizione": "text", "Quantità": "count",
             "Prezzo": "money", "Totale riga": "money", "Data consegna": "date"},
            "date customer order description quantity price amount -",
        ),
        (
            {"Klantnummer": "id", "Besteldatum": "date", "Bestelnummer": "order", "Omschrijving": "text", "Aantal": "count",
             "Prijs": "money", "Bedrag": "money", "Leverdatum": "date"},
            "customer date order description quantity price amount -",
        ),
        (
            {"Cliente": "id", "Data do pedido": "date", "Número do pedido": "order", "Quantidade": "count",
             "Preço unitário": "money", "Valor": "money"},
            "customer date order quantity price amount",
        ),
        (
            {"Billing Document": "order", "Billing Date": "date", "Sold-to party": "id", "Material": "text",
             "Billed Quantity": "count", "Net Value": "money", "Document Currency": "code"},
            "order date customer product quantity amount currency",
        ),
        (
            {"CUSTOMER_ID": "id", "order-date": "date", "LineTotal": "money", "Sub-Category": "text", "Category": "text"},
            "customer date amount - category",
        ),
        ({"Customer Name": "text", "Customer ID": "id", "Ship Date": "date", "Order Date": "date", "Row ID": "count",
          "Order ID": "order", "Total (GBP)": "money"}, "- customer - date - order amount"),
    ],
)  # fmt: skip
def test_headers_of_seven_languages_are_known(headers: dict[str, str], fields: str) -> None:
    wanted = {field: header for field, header in zip(fields.split(), headers, strict=True) if field != "-"}
    assert found(headers) == wanted


SHOPIFY = {
    "Name": "order", "Email": "mail", "Financial Status": "text", "Paid at": "date", "Currency": "code", "Subtotal": "order total",
    "Shipping": "order total", "Taxes": "order total", "Total": "order total", "Discount Amount": "order total", "Created at": "date",
    "Lineitem quantity": "count", "Lineitem name": "text", "Lineitem price": "money", "Lineitem sku": "text",
    "Billing Country": "country", "Id": "count",
}  # fmt: skip


def test_a_shopify_export_has_its_own_meaning_of_name_and_total() -> None:
    assert found(SHOPIFY) == {
        "order": "Name",
        "customer": "Email",
        "status": "Financial Status",
        "currency": "Currency",
        "date": "Created at",
        "quantity": "Lineitem quantity",
        "description": "Lineitem name",
        "price": "Lineitem price",
        "product": "Lineitem sku",
        "country": "Billing Country",
    }


def test_the_item_price_of_an_amazon_export_is_the_amount_of_the_line() -> None:
    headers = {
        "order-id": "order", "purchase-date": "date", "payments-date": "date", "buyer-email": "mail", "sku": "text",
        "product-name": "text", "quantity-purchased": "count", "currency": "code", "item-price": "money", "item-tax": "money",
    }  # fmt: skip
    columns = found(headers)
    assert columns["amount"] == "item-price"
    assert "price" not in columns
    assert (columns["order"], columns["date"], columns["customer"]) == ("order-id", "purchase-date", "buyer-email")


def test_an_amount_that_comes_again_on_every_line_of_an_order_is_not_the_amount_of_the_line() -> None:
    columns = {"Customer": "id", "Order ID": "order", "Date": "date", "Qty": "count", "Unit price": "money"}
    assert found({**columns, "Total": "order total"}).keys() == {"customer", "order", "date", "quantity", "price"}
    assert found({**columns, "Total": "money"})["amount"] == "Total"


def test_price_alone_is_the_amount_and_beside_a_quantity_it_is_the_price() -> None:
    assert found({"Client": "id", "Date": "date", "Price": "money"})["amount"] == "Price"
    assert found({"Client": "id", "Date": "date", "Qty": "count", "Price": "money"})["price"] == "Price"


def test_an_e_mail_address_is_the_customer_only_when_there_is_no_id() -> None:
    assert found({"Email": "mail", "Client": "id", "Date": "date", "Total": "money"})["customer"] == "Client"
    assert found({"Email": "mail", "Name": "text", "Date": "date", "Total": "money"})["customer"] == "Email"


def test_a_ship_date_is_never_the_order_date() -> None:
    assert "date" not in found({"Client": "id", "Ship Date": "date", "Total": "money"}, by_content=True)


def test_values_that_are_no_dates_keep_a_header_from_being_the_date() -> None:
    assert found({"Client": "id", "Order date": "text", "Date": "date", "Total": "money"})["date"] == "Date"
    assert "date" not in found({"Client": "id", "Date": "nothing", "Total": "money"})


def test_a_required_field_is_found_by_its_values_when_one_column_alone_can_be_it() -> None:
    columns = {"Client": "id", "Blip": "date", "Blop": "money", "Remark": "text"}
    assert found(columns, by_content=True) == {"customer": "Client", "date": "Blip", "amount": "Blop"}
    assert "date" not in found({**columns, "Blap": "date"}, by_content=True)
    assert found({"Wem": "id", "Datum": "date", "Summe": "money"}, by_content=True)["customer"] == "Wem"


def test_what_the_user_says_wins_over_names() -> None:
    columns = {"Client": "id", "Agent": "id", "Date": "date", "Total": "money", "Net": "money"}
    assert found(columns, {"customer": "agent", "amount": "Net"}) == {
        "customer": "Agent",
        "amount": "Net",
        "date": "Date",
    }


def test_empty_and_repeated_headers_are_called_by_their_letters() -> None:
    rows: list[list[object]] = [["Client", "Date", "Total", None, "Total"], ["C1", "2024-01-05", 1, 2, 3]]
    assert raw_from_rows("Sheet1", rows, first_column=1).headers == ("Client", "Date", "Total", "Column E", "Column F")


def test_a_header_that_the_user_names_is_found_below_other_rows() -> None:
    rows: list[list[object]] = [["Report", "2024"], ["Wem", "Wann", "Wieviel"], ["C1", "2024-01-05", "9.5"]]
    assert raw_from_rows("Sheet1", rows, mapped=["Wem", "Wann", "Wieviel"]).header_row == 2


ORDERS = {"Client": "id", "Date": "date", "Total": "money"}


def recognise(sheets: Sequence[RawSource], **settings: Any) -> Recognised:
    return recognised([sheets], Settings(**settings))


def test_a_missing_column_is_named_with_the_headers_there_are_the_nearest_and_the_remedy() -> None:
    with pytest.raises(InputError) as caught:
        recognise([sheet({"Costumer Nmber": "text", "Date": "date", "Total": "money", "Town": "text"}, "May")])
    assert "'May' has no column for the customer" in caught.value.what
    assert "'May' has 'Costumer Nmber', 'Date', 'Total', 'Town'" in caught.value.what
    assert "the nearest header to customer is 'Costumer Nmber'" in caught.value.what
    assert caught.value.remedy == 'name the column with --map customer="Costumer Nmber"'


def test_a_mapped_header_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        InputError,
        match=r'no sheet has a column \'Cleint\'; there are \'Client\', \'Date\', \'Total\'.*customer="Client"',
    ):
        recognise([sheet(ORDERS)], map={"customer": "Cleint"})


def test_a_mapped_header_needs_to_exist_in_one_sheet_only() -> None:
    other = {"Buyer": "id", "Date": "date", "Total": "money"}
    first, second = recognise([sheet(ORDERS, "A"), sheet(other, "B")], map={"customer": "Buyer"}).orders
    assert (first.header("customer"), second.header("customer")) == ("Client", "Buyer")


def test_a_field_that_does_not_exist_is_refused_with_the_list() -> None:
    with pytest.raises(
        SettingsError, match=r"'custmer' in map is no field; the fields are 'amount', .*--map customer="
    ):
        recognise([sheet(ORDERS)], map={"custmer": "Client"})


def test_a_sheet_that_is_no_order_sheet_is_skipped_beside_one_that_is() -> None:
    notes = raw_from_rows(
        "Notes", [["Notes"], ["Dates are day first."], ["Shelf", "Who", "Since"], ["A", "Mary", "2024-01-01"]]
    )
    assert [source.raw.name for source in recognise([sheet(ORDERS), notes]).orders] == ["Sheet1"]


def test_a_sheet_that_is_named_but_holds_no_orders_is_refused() -> None:
    notes = raw_from_rows("Notes", [["Shelf", "Who"], ["A", "Mary"]])
    with pytest.raises(InputError, match=r"'Notes' has no column for the customer"):
        recognise([sheet(ORDERS), notes], sheet=("Sheet1", "Notes"))


def customer_table(name: str, first: str = "Client No", copies: int = 1) -> RawSource:
    lines = [
        [f"C{index}", f"2023-05-{1 + index:02d}", "Trade", "Web", f"Person {index}"] for index in range(13)
    ] * copies
    return raw_from_rows(name, [[first, "Sign-up date", "Segment", "Channel", "Name"], *lines])


def test_a_sheet_of_customers_is_recognised_beside_the_orders() -> None:
    result = recognise([sheet(ORDERS), customer_table("People")])
    assert [source.raw.name for source in result.orders] == ["Sheet1"]
    assert result.customers is not None
    assert {field: result.customers.header(field) for field in result.customers.columns} == {
        "customer": "Client No",
        "signed_up": "Sign-up date",
        "segment": "Segment",
        "channel": "Channel",
        "name": "Name",
    }


def test_a_sheet_with_several_rows_a_customer_is_no_table_of_customers() -> None:
    assert recognise([sheet(ORDERS), customer_table("Visits", copies=2)]).customers is None


def test_of_two_tables_of_customers_none_is_taken_unless_one_is_called_so() -> None:
    assert recognise([sheet(ORDERS), customer_table("North"), customer_table("South")]).customers is None
    chosen = recognise([sheet(ORDERS), customer_table("North"), customer_table("Kunden")]).customers
    assert chosen is not None
    assert chosen.raw.name == "Kunden"


def write_workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    workbook = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        page = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    workbook.close()
    return path


def test_a_file_of_customers_is_read_beside_the_orders(tmp_path: Path) -> None:
    orders = write_workbook(
        tmp_path / "orders.xlsx", {"Orders": [["Client", "Date", "Total"], ["C1", "2024-01-05", 9.5]]}
    )
    people = tmp_path / "people.csv"
    people.write_text("id,customer since,type\nC1,2023-05-01,Trade\n", encoding="utf-8")
    result = read_sources([orders], Settings(), people)
    assert result.customers is not None
    assert {field: result.customers.header(field) for field in result.customers.columns} == {
        "customer": "id",
        "signed_up": "customer since",
        "segment": "type",
    }


def test_a_file_without_customers_is_refused_as_a_table_of_customers(tmp_path: Path) -> None:
    orders = write_workbook(
        tmp_path / "orders.xlsx", {"Orders": [["Client", "Date", "Total"], ["C1", "2024-01-05", 9.5]]}
    )
    places = tmp_path / "places.csv"
    places.write_text("town,street\nYork,High Street\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no table of customers: 'places.csv' has 'town', 'street'"):
        read_sources([orders], Settings(), places)
