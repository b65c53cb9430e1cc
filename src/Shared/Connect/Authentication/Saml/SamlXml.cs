using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>XML of SAML: read without entities, signed and verified by RSA-SHA256 over exclusive canonical XML.</summary>
internal static class SamlXml
{
    public const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    public const string Protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    const int Longest = 256 << 10; // characters

    /// <summary>Reads a document.</summary>
    /// <exception cref="StepFailedException">It is no XML, too long, or has a document type.</exception>
    public static XmlDocument Read(string text)
    {
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = Longest });
            document.Load(reader);
            return document;
        }
        catch (XmlException fault)
        {
            throw SamlChecks.Refuse($"it is no XML that is read here (line {fault.LineNumber}): expected at most {Longest} characters without a document type");
        }
    }

    /// <summary>Signs an element that has an <c>ID</c>; the signature goes behind its issuer, where the schema wants it.</summary>
    public static void Sign(XmlElement element, RSA key)
    {
        var signed = new SignedXml(element.OwnerDocument) { SigningKey = key };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signed.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        var reference = new Reference($"#{element.GetAttribute("ID")}") { DigestMethod = SignedXml.XmlDsigSHA256Url };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(reference);
        signed.ComputeSignature();
        element.InsertAfter(element.OwnerDocument.ImportNode(signed.GetXml(), deep: true), element.ChildNodes.OfType<XmlElement>().First());
    }

    /// <summary>Whether an element itself, not another one that it names, was signed with the key of a certificate.</summary>
    public static bool IsSigned(XmlElement element, X509Certificate2 certificate)
    {
        var signatures = element.ChildNodes.OfType<XmlElement>().Where(e => e is { LocalName: "Signature", NamespaceURI: SignedXml.XmlDsigNamespaceUrl }).ToList();
        var id = element.GetAttribute("ID");
        if (signatures.Count != 1 || id.Length == 0 || CountOfIds(element.OwnerDocument, id) != 1)
            return false;
        using var key = certificate.GetRSAPublicKey();
        if (key is null)
            return false;
        try
        {
            var signed = new SignedXml(element.OwnerDocument);
            signed.LoadXml(signatures[0]);
            return IsPlain(signed, id) && signed.GetIdElement(element.OwnerDocument, id) == element && signed.CheckSignature(key);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return false;
        }
    }

    // One reference, to this element, by the algorithms that SAML prescribes: transforms could make something else of what is signed.
    static bool IsPlain(SignedXml signed, string id) =>
        signed.SignedInfo is { References: [Reference { DigestMethod: SignedXml.XmlDsigSHA256Url } reference] } info
        && info.CanonicalizationMethod == SignedXml.XmlDsigExcC14NTransformUrl && info.SignatureMethod == SignedXml.XmlDsigRSASHA256Url
        && reference.Uri == $"#{id}" && reference.TransformChain.Count is 1 or 2
        && Enumerable.Range(0, reference.TransformChain.Count).All(i => reference.TransformChain[i] is XmlDsigEnvelopedSignatureTransform or XmlDsigExcC14NTransform);

    static int CountOfIds(XmlDocument document, string id) =>
        document.SelectNodes("//@*")!.Cast<XmlAttribute>().Count(a => string.Equals(a.LocalName, "id", StringComparison.OrdinalIgnoreCase) && a.Value == id);
}
