namespace DataIngestion.Connect;

/// <summary>
/// What HTTP requests to sources and to issuers of tokens leave through. The default is <paramref name="sockets"/> itself. A tool that
/// answers in a vendor's place registers its own: it sees each request as the vendor would, with the vendor's address and the credentials.
/// </summary>
/// <param name="sockets">Opens connections to public addresses; whoever does not use it disposes it.</param>
/// <returns>The innermost handler.</returns>
public delegate HttpMessageHandler SourceTransport(HttpMessageHandler sockets);
