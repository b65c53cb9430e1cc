using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>The key a caller has to present, in the header <c>x-functions-key</c> or the query parameter <c>code</c>.</summary>
    public enum AuthorizationLevel
    {
        /// <summary>No key.</summary>
        Anonymous = 0,

        /// <summary>Not offered by the Functions host; refused at start.</summary>
        User = 1,

        /// <summary>A function, host or master key.</summary>
        Function = 2,

        /// <summary>A system or master key.</summary>
        System = 3,

        /// <summary>The master key.</summary>
        Admin = 4,
    }

    /// <summary>Starts a function for an HTTP request. Without a level the level is <see cref="AuthorizationLevel.Function"/>.</summary>
    public sealed class HttpTriggerAttribute : TriggerBindingAttribute
    {
        /// <summary>Any method, with a function key.</summary>
        public HttpTriggerAttribute() => AuthLevel = AuthorizationLevel.Function;

        /// <summary>These methods. As in the official attribute the level of this constructor is <see cref="AuthorizationLevel.Anonymous"/>.</summary>
        public HttpTriggerAttribute(params string[] methods) => Methods = methods;

        /// <summary>Any method, with this level.</summary>
        public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

        /// <summary>These methods, with this level.</summary>
        public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
        {
            AuthLevel = authLevel;
            Methods = methods;
        }

        /// <summary>ASP.NET Core route template below the prefix of host.json; the function's name by default.</summary>
        public string? Route { get; set; }

        /// <summary>The methods it answers; null for any.</summary>
        public string[]? Methods { get; private set; }

        /// <summary>The key that is asked for.</summary>
        public AuthorizationLevel AuthLevel { get; private set; }
    }

    /// <summary>Marks the property of a returned type that is the HTTP response, where the others are output bindings.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class HttpResultAttribute : OutputBindingAttribute;
}

namespace Microsoft.Azure.Functions.Worker.Http
{
    /// <summary>Binds a parameter to the JSON body of the request.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface | AttributeTargets.Parameter, AllowMultiple = true)]
    public class FromBodyAttribute : Attribute;

    /// <summary>
    /// The request type of apps without the ASP.NET Core integration. It exists here for the signatures that mention it;
    /// functions take <see cref="AspNetCore.Http.HttpRequest"/>.
    /// </summary>
    public abstract class HttpRequestData(FunctionContext functionContext)
    {
        /// <summary>The address that was asked for.</summary>
        public abstract Uri Url { get; }

        /// <summary>The method of the request.</summary>
        public abstract string Method { get; }

        /// <summary>The invocation this request started.</summary>
        public FunctionContext FunctionContext { get; } = functionContext ?? throw new ArgumentNullException(nameof(functionContext));
    }
}
