using System.Reflection;
using System.Text.Json;

namespace DataIngestion.Contracts.Tests.Messages;

public sealed class RoundTripTests
{
    public static TheoryData<Type> Records =>
        [.. typeof(AgentCommand).Assembly.GetExportedTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.GetMethod("<Clone>$") is not null && t != typeof(ConfigurationFinding))];

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_record_survives_JSON_with_every_property(Type type)
    {
        var sample = Sample(type, depth: 0)!;

        var json = JsonSerializer.Serialize(sample, type, ContractJson.Options);
        var read = JsonSerializer.Deserialize(json, type, ContractJson.Options);

        Assert.Equal(json, JsonSerializer.Serialize(read, type, ContractJson.Options));
        using var document = JsonDocument.Parse(json);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null).ToList();
        Assert.NotEmpty(properties);
        Assert.InRange(document.RootElement.EnumerateObject().Count(p => p.Value.ValueKind is not JsonValueKind.Null), properties.Count, int.MaxValue);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json.TrimEnd('}') + new string('}', json.Length - json.TrimEnd('}').Length - 1) + ",\"fromTheFuture\":{\"a\":[1]}}", type, ContractJson.Options), type, ContractJson.Options));
    }

    [Fact]
    public void Enums_are_words_and_numbers_are_refused()
    {
        Assert.Equal("\"recover-from-cache\"", JsonSerializer.Serialize(RetryAction.RecoverFromCache, ContractJson.Options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RetryAction>("1", ContractJson.Options));
    }

    [Fact]
    public void A_message_without_what_it_requires_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<IngestionRequest>("""{"run":"r"}""", ContractJson.Options));

    [Fact]
    public void A_failed_reply_has_no_result() =>
        Assert.Throws<InvalidOperationException>(() => new AgentReply { CommandId = "a/b/1", Failure = new() { Code = "x", Message = "m" } }.ResultAs<int>());

    static object? Sample(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "tëxt \"<&>\" \U0001F4C8";
        if (type == typeof(bool))
            return true;
        if (type == typeof(LakePath))
            return new LakePath("landing", "a b/c.json");
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 3, 2, 12, 0, 59, TimeSpan.Zero).AddTicks(1_234_567);
        if (type == typeof(DateOnly))
            return new DateOnly(2026, 3, 2);
        if (type == typeof(TimeOnly))
            return new TimeOnly(22, 30);
        if (type == typeof(TimeSpan))
            return TimeSpan.FromTicks(987_654_321);
        if (type == typeof(Uri))
            return new Uri("https://example.org/a?b=c");
        if (type == typeof(JsonElement))
            return JsonSerializer.SerializeToElement(new { number = 1.50m, list = new[] { "a" } });
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1);
        if (type.IsPrimitive || type == typeof(decimal))
            return Convert.ChangeType(41, type, null);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(type.GenericTypeArguments[0], depth > 6 ? 0 : 2); // a batch's plan holds plans
            for (var i = 0; i < list.Length; i++)
                list.SetValue(Sample(type.GenericTypeArguments[0], depth + 1), i);
            return list;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(type.GenericTypeArguments))!;
            if (depth <= 6)
                dictionary.Add("Key-1 ä", Sample(type.GenericTypeArguments[1], depth + 1));
            return dictionary;
        }

        Assert.True(depth < 20, $"{type} goes round in a circle.");
        var constructor = type.GetConstructors().OrderBy(c => c.GetParameters().Length).First();
        var sample = constructor.Invoke([.. constructor.GetParameters().Select(p => Sample(p.ParameterType, depth + 1))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null))
            property.SetValue(sample, Sample(property.PropertyType, depth + 1));
        return sample;
    }
}
