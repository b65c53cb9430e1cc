using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Xml;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What an assertion has to be.</summary>
/// <param name="Certificate">Of who signs.</param>
/// <param name="Issuer">Who issues it.</param>
/// <param name="Audience">Whom it is for.</param>
/// <param name="Recipient">Where it may be used.</param>
/// <param name="InResponseTo">The request that it answers; null when nothing was requested.</param>
/// <param name="Now">The time.</param>
/// <param name="Skew">How far clocks may be off.</param>
internal sealed record SamlExpectation(X509Certificate2 Certificate, string Issuer, string Audience, Uri Recipient, string? InResponseTo, DateTimeOffset Now, TimeSpan Skew);

/// <summary>Checks a response of an identity provider, and takes the assertion that was checked out of it.</summary>
internal static class SamlChecks
{
    const string Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    const string Success = "urn:oasis:names:tc:SAML:2.0:status:Success";

    public static StepFailedException Refuse(string why) => new(new() { Code = "unauthorized", Message = $"The SAML response is not accepted: {why}." });

    /// <summary>The one assertion of a response, or the assertion itself.</summary>
    /// <exception cref="StepFailedException">It is not as expected (<c>unauthorized</c>); says why.</exception>
    public static XmlElement Accept(XmlDocument document, SamlExpectation expected)
    {
        var root = document.DocumentElement!;
        var assertion = root is { LocalName: "Assertion", NamespaceURI: SamlXml.Assertion } ? root : InResponse(root, expected);

        // Signed itself, or by way of the response that it is the child of.
        if (!SamlXml.IsSigned(assertion, expected.Certificate) && (root == assertion || !SamlXml.IsSigned(root, expected.Certificate)))
            throw Refuse("the assertion is not signed by the provider's certificate");
        if (document.GetElementsByTagName("Assertion", SamlXml.Assertion).Count != 1)
            throw Refuse("there is more than one assertion in it");

        var issuer = Text(Child(assertion, "Issuer"));
        if (issuer != expected.Issuer)
            throw Refuse($"it was issued by '{issuer}', not by '{expected.Issuer}'");
        Text(Child(Child(assertion, "Subject"), "NameID")); // no comments: they split a name for readers that look at its first part only

        var conditions = Child(assertion, "Conditions");
        Within(conditions, expected);
        if (!Children(conditions, "AudienceRestriction").Any() || !Children(conditions, "AudienceRestriction").All(r => Children(r, "Audience").Any(a => Text(a) == expected.Audience)))
            throw Refuse($"it is not for the audience '{expected.Audience}'");
        var confirmed = Children(Child(assertion, "Subject"), "SubjectConfirmation").Where(c => c.GetAttribute("Method") == Bearer).Select(c => Child(c, "SubjectConfirmationData")).ToList();
        if (!confirmed.Any(data => IsConfirmed(data, expected)))
            throw Refuse($"it is not confirmed for '{expected.Recipient}' now");
        return assertion;
    }

    static XmlElement InResponse(XmlElement root, SamlExpectation expected)
    {
        if (root is not { LocalName: "Response", NamespaceURI: SamlXml.Protocol })
            throw Refuse($"it is a '{root.LocalName}': expected a Response");
        var status = root.ChildNodes.OfType<XmlElement>().FirstOrDefault(e => e is { LocalName: "Status", NamespaceURI: SamlXml.Protocol })?.ChildNodes.OfType<XmlElement>()
            .FirstOrDefault(e => e.LocalName == "StatusCode")?.GetAttribute("Value");
        if (status != Success)
            throw Refuse($"its status is '{status}'");
        if (root.HasAttribute("Destination") && root.GetAttribute("Destination") != expected.Recipient.OriginalString)
            throw Refuse($"it was meant for '{root.GetAttribute("Destination")}'");
        if (root.GetAttribute("InResponseTo") != (expected.InResponseTo ?? ""))
            throw Refuse("it answers another request");
        if (root.ChildNodes.OfType<XmlElement>().Any(e => e.LocalName == "EncryptedAssertion"))
            throw Refuse("its assertion is encrypted, which is not supported: have the provider sign only");
        return root.ChildNodes.OfType<XmlElement>().FirstOrDefault(e => e is { LocalName: "Assertion", NamespaceURI: SamlXml.Assertion }) ?? throw Refuse("there is no assertion in it");
    }

    static bool IsConfirmed(XmlElement data, SamlExpectation expected) =>
        data.GetAttribute("Recipient") == expected.Recipient.OriginalString
        && data.GetAttribute("InResponseTo") == (expected.InResponseTo ?? "")
        && !data.HasAttribute("NotBefore") && data.HasAttribute("NotOnOrAfter") && Instant(data, "NotOnOrAfter") > expected.Now - expected.Skew;

    static void Within(XmlElement conditions, SamlExpectation expected)
    {
        if (conditions.HasAttribute("NotBefore") && Instant(conditions, "NotBefore") > expected.Now + expected.Skew)
            throw Refuse($"it is not valid before {conditions.GetAttribute("NotBefore")}");
        if (conditions.HasAttribute("NotOnOrAfter") && Instant(conditions, "NotOnOrAfter") <= expected.Now - expected.Skew)
            throw Refuse($"it expired on {conditions.GetAttribute("NotOnOrAfter")}");
    }

    static DateTimeOffset Instant(XmlElement element, string name) =>
        DateTimeOffset.TryParse(element.GetAttribute(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : throw Refuse($"its '{name}' is no time");

    static IEnumerable<XmlElement> Children(XmlElement parent, string name) => parent.ChildNodes.OfType<XmlElement>().Where(e => e.LocalName == name && e.NamespaceURI == SamlXml.Assertion);

    static XmlElement Child(XmlElement parent, string name) =>
        Children(parent, name).ToList() is [var only] ? only : throw Refuse($"'{parent.LocalName}' does not have exactly one '{name}'");

    static string Text(XmlElement element) => element.ChildNodes is { Count: 1 } nodes && nodes[0] is XmlText text
        ? text.Value!.Trim()
        : throw Refuse($"'{element.LocalName}' is not a plain text");
}
