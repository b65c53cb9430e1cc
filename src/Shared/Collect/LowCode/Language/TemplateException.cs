namespace DataIngestion.Collect;

/// <summary>A template that cannot be read or evaluated. The message names the template and the place in it.</summary>
internal class TemplateException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong, without the place.</summary>
    public string Reason { get; init; } = message;
}

/// <summary>The template is not written as the language asks.</summary>
internal sealed class TemplateSyntaxException(string message) : TemplateException(message);

/// <summary>Something of a value that does not exist was used. Where the caller has a default, the default is taken.</summary>
internal sealed class UndefinedValueException(string message) : TemplateException(message);

/// <summary>An operation does not exist for values of these types. The platform that the language comes from then leaves the template as it is written.</summary>
internal sealed class ValueTypeException(string message) : TemplateException(message);
