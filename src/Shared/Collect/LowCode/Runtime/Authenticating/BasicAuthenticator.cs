using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>User and password (<c>BasicHttpAuthenticator</c>). Some sources take a key as the user and no password.</summary>
internal sealed class BasicAuthenticator(Part part) : Authenticator
{
    readonly Expression _user = part.NeededExpression("username");
    readonly Expression? _password = part.Expression("password");

    public override AuthenticationDefinition? Put(RequestOptions options, TemplateContext context) =>
        BasicHeader.Of(_user.Text(context), _password?.TextEntry(context) ?? "");
}
