using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataIngestion.Tabular;

/// <summary>
/// Lists and structs as JSON: <c>{"a":[1,2.50],"b":null}</c>. Numbers keep every digit; what JSON has no form for (dates, bytes, infinities)
/// is its text in quotes.
/// </summary>
internal static class NestedText
{
    public static string Of(ColumnVector column, int row)
    {
        var text = new StringBuilder();
        Append(column, row, text);
        return text.ToString();
    }

    public static void Append(ColumnVector column, int row, StringBuilder text)
    {
        switch (column)
        {
            case { } missing when missing.IsNull(row):
                text.Append("null");
                break;
            case ListColumn list:
                list.AppendText(row, text);
                break;
            case StructColumn fields:
                fields.AppendText(row, text);
                break;
            default:
                var value = column.GetText(row)!;
                if (column.Type.IsExactNumber || column.Type.Kind == DataKind.Boolean || IsFinite(column, row))
                    text.Append(value);
                else
                    AppendString(value, text);
                break;
        }
    }

    public static void AppendString(string value, StringBuilder text) =>
        text.Append('"').Append(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append('"');

    static bool IsFinite(ColumnVector column, int row) => column switch
    {
        FixedColumn<double> numbers => double.IsFinite(numbers.Values[row]),
        FixedColumn<float> numbers => float.IsFinite(numbers.Values[row]),
        _ => false,
    };
}
