using System.Text.Json;
using Azure.Core.Serialization;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Turns the body of a message, event or blob into the type a function asks for.</summary>
internal static class PayloadConverter
{
    public const string Expected = "string, byte[], BinaryData or a class that is read from JSON";

    /// <summary>Null if no body can become that type.</summary>
    public static Func<BinaryData, object?>? TryCreate(Type type, ObjectSerializer serializer)
    {
        if (type == typeof(string) || type == typeof(object))
            return body => body.ToString();
        if (type == typeof(byte[]))
            return body => body.ToArray();
        if (type == typeof(BinaryData))
            return body => body;
        if (type == typeof(ReadOnlyMemory<byte>))
            return body => body.ToMemory();
        if (type == typeof(Stream))
            return body => body.ToStream();
        if (type.IsPointer || type.IsByRef || (type.IsInterface && !type.IsGenericType) || typeof(Delegate).IsAssignableFrom(type))
            return null;
        return body => ReadJson(body, type, serializer);
    }

    static object? ReadJson(BinaryData body, Type type, ObjectSerializer serializer)
    {
        try
        {
            return serializer.Deserialize(body.ToStream(), type, CancellationToken.None);
        }
        catch (JsonException wrong)
        {
            throw new BindingException($"the body is not JSON that fits {type.Name}: {wrong.Message}", wrong);
        }
    }
}
