using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Has SAML 2.0 assertions for the grant <c>saml-bearer</c>.</summary>
internal interface ISamlAssertions
{
    /// <summary>An assertion about us.</summary>
    /// <param name="context">Whose it is; resolves references.</param>
    /// <param name="options">The option <c>saml</c> of the source.</param>
    /// <param name="recipient">The token endpoint, which is its audience where the options say none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The element <c>Assertion</c> as XML.</returns>
    /// <exception cref="StepFailedException">There is none to be had.</exception>
    Task<string> GetAsync(AuthenticationContext context, IReadOnlyDictionary<string, string> options, Uri recipient, CancellationToken cancellationToken);
}
