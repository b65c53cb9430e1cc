using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>A value that came from outside does not fit a parameter. Over HTTP this is a 400.</summary>
internal sealed class BindingException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Binds plain parameters to values of the binding data, such as route values and parts of blob names.</summary>
internal static class BindingDataConverter
{
    public static ParameterBinder? TryCreate(string name, ParameterInfo parameter, Action<string> fault)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var converter = TypeDescriptor.GetConverter(type);
        if (type != typeof(object) && type != typeof(string) && !converter.CanConvertFrom(typeof(string)))
        {
            fault($"'{name}' is text and cannot become {type.Name}; string, a number, Guid, a date or an enumeration was expected.");
            return null;
        }

        return context =>
        {
            context.BindingContext.BindingData.TryGetValue(name, out var value);
            return ValueTask.FromResult(Convert(value, type, parameter, converter));
        };
    }

    static object? Convert(object? value, Type type, ParameterInfo parameter, TypeConverter converter)
    {
        if (value is null)
            return parameter.HasDefaultValue ? parameter.DefaultValue : null;
        if (type.IsInstanceOfType(value))
            return value;
        var text = System.Convert.ToString(value, CultureInfo.InvariantCulture)!;
        if (type == typeof(string))
            return text;
        try
        {
            return converter.ConvertFromInvariantString(text);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new BindingException($"'{parameter.Name}': '{text}' is not a {type.Name}.", wrong);
        }
    }
}
