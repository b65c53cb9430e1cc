using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Ofx;

/// <summary>The tables of OFX files. Element names are those of the OFX specifications 1.0.2 to 2.3.</summary>
internal static class OfxTables
{
    /// <summary>Taken from the sign-on.</summary>
    public static readonly RecordField[] SignOn = [("institution", "SONRS/FI/ORG"), ("institution_id", "SONRS/FI/FID")];

    /// <summary>Taken from the statement.</summary>
    public static readonly RecordField[] Statement =
    [
        ("bank_id", "BANKACCTFROM/BANKID"), ("branch_id", "BANKACCTFROM/BRANCHID"), ("broker_id", "INVACCTFROM/BROKERID"),
        ("account_id", "BANKACCTFROM/ACCTID|CCACCTFROM/ACCTID|INVACCTFROM/ACCTID"), ("account_type", "BANKACCTFROM/ACCTTYPE"), ("account_currency", "CURDEF"),
    ];

    static readonly RecordField[] Context = [.. SignOn, .. Statement, ("kind", "")];

    static readonly RecordField[] Security = [("security_id", Of("SECID/UNIQUEID")), ("security_id_type", Of("SECID/UNIQUEIDTYPE"))];

    public static readonly RecordTable Transactions = new("transactions", Context,
    [
        ("transaction_id", $"{Of("FITID")}|{Of("INVTRAN/FITID")}"), ("type", $"{Of("TRNTYPE")}|BUYTYPE|SELLTYPE|OPTBUYTYPE|OPTSELLTYPE|INCOMETYPE|OPTACTION|TFERACTION"),
        .. Moment("posted", $"{Of("DTPOSTED")}|{Of("INVTRAN/DTTRADE")}|DTTRAN"), .. Moment("settled", Of("INVTRAN/DTSETTLE")), .. Moment("initiated", Of("DTUSER")), .. Moment("available", Of("DTAVAIL")),
        Number("amount", $"{Of("TRNAMT")}|{Of("TOTAL")}"), ("currency", $"{Of("CURRENCY/CURSYM")}|{Of("ORIGCURRENCY/CURSYM")}"), Number("currency_rate", $"{Of("CURRENCY/CURRATE")}|{Of("ORIGCURRENCY/CURRATE")}"),
        .. Security, Number("units", Of("UNITS")), Number("unit_price", Of("UNITPRICE")), Number("commission", Of("COMMISSION")), Number("taxes", Of("TAXES")), Number("fees", Of("FEES")), Number("withholding", Of("WITHHOLDING")),
        ("name", $"{Of("NAME")}|{Of("PAYEE/NAME")}"), ("memo", $"{Of("MEMO")}|{Of("INVTRAN/MEMO")}"), ("check_number", Of("CHECKNUM")), ("reference", Of("REFNUM")), ("server_transaction_id", $"{Of("SRVRTID")}|{Of("INVTRAN/SRVRTID")}"),
        ("sic", Of("SIC")), ("payee_id", Of("PAYEEID")), ("to_account", $"{Of("BANKACCTTO/ACCTID")}|{Of("CCACCTTO/ACCTID")}"), ("corrects", Of("CORRECTFITID")), ("correction", Of("CORRECTACTION")),
        ("sub_account_security", Of("SUBACCTSEC")), ("sub_account_fund", Of("SUBACCTFUND")),
    ]);

    public static readonly RecordTable Balances = new("balances", Context,
    [
        Number("amount", "BALAMT|VALUE"), .. Moment("as_of", "DTASOF"), ("name", "NAME"), ("description", "DESC"), ("type", "BALTYPE"), ("currency", "CURRENCY/CURSYM"),
        Number("available_cash", "AVAILCASH"), Number("margin_balance", "MARGINBALANCE"), Number("short_balance", "SHORTBALANCE"), Number("buying_power", "BUYPOWER"),
    ]);

    public static readonly RecordTable Positions = new("positions", Context,
    [
        ("security_id", "INVPOS/SECID/UNIQUEID"), ("security_id_type", "INVPOS/SECID/UNIQUEIDTYPE"), ("held_in", "INVPOS/HELDINACCT"), ("position_type", "INVPOS/POSTYPE"),
        Number("units", "INVPOS/UNITS"), Number("unit_price", "INVPOS/UNITPRICE"), Number("market_value", "INVPOS/MKTVAL"), .. Moment("priced", "INVPOS/DTPRICEASOF"), ("currency", "INVPOS/CURRENCY/CURSYM"), ("memo", "INVPOS/MEMO"),
    ]);

    public static readonly RecordTable Securities = new("securities", [.. SignOn, ("kind", "")],
    [
        ("security_id", "SECINFO/SECID/UNIQUEID"), ("security_id_type", "SECINFO/SECID/UNIQUEIDTYPE"), ("name", "SECINFO/SECNAME"), ("ticker", "SECINFO/TICKER"), ("institution_security_id", "SECINFO/FIID"), ("rating", "SECINFO/RATING"),
        Number("unit_price", "SECINFO/UNITPRICE"), .. Moment("priced", "SECINFO/DTASOF"), ("currency", "SECINFO/CURRENCY/CURSYM"), ("type", "STOCKTYPE|MFTYPE|OPTTYPE|DEBTTYPE|TYPEDESC"),
        Number("strike_price", "STRIKEPRICE"), .. Moment("expires", "DTEXPIRE"), Number("par_value", "PARVALUE"), Number("coupon_rate", "COUPONRT"), .. Moment("matures", "DTMAT"), Number("yield", "YIELD|YLDTOMAT"), ("memo", "SECINFO/MEMO"),
    ]);

    public static readonly IReadOnlyList<RecordTable> All = [Transactions, Balances, Positions, Securities];

    /// <summary>The table that an element is a row of, by its own name and that of the element around it; null where it is none's.</summary>
    public static RecordTable? Of(string name, string around) => (name, around) switch
    {
        (_, "BANKTRANLIST" or "BANKTRANLISTP" or "INVTRANLIST") => Transactions,
        (_, "INVPOSLIST") => Positions,
        (_, "SECLIST") => Securities,
        ("LEDGERBAL" or "AVAILBAL" or "INVBAL", _) or ("BAL", "BALLIST") => Balances,
        _ => null,
    };

    /// <summary>Where an element may stand in a transaction: of banks at once, of brokers inside what they have in common.</summary>
    static string Of(string path) => $"{path}|INVBUY/{path}|INVSELL/{path}|STMTTRN/{path}";

    static RecordField Number(string column, string paths) => new(column, FieldKind.Number, paths);

    static RecordField[] Moment(string column, string paths) => [new($"{column}_date", FieldKind.Day, paths), new($"{column}_time", FieldKind.Moment, paths) { IsOptional = true }];
}
