using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataIngestion.Contracts;

/// <summary>Writes a <see cref="LakePath"/> as one string.</summary>
internal sealed class LakePathJsonConverter : JsonConverter<LakePath>
{
    public override LakePath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return LakePath.Parse(reader.GetString() ?? "");
        }
        catch (ArgumentException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, LakePath value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
