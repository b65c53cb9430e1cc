namespace DataIngestion.Connect;

/// <summary>Files whose versions only their length and modified time tell apart, and that can be moved and deleted: those of a file system.</summary>
internal interface IRemoteFolder : IRemoteFiles
{
    /// <summary>A file as it is now; null when there is none of that name, or it is no file any more.</summary>
    Task<RemoteFile?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Gives a file another name below the base address, atomically where the system can; makes the folder it goes into.</summary>
    /// <returns>False when there is a file of that name already.</returns>
    Task<bool> MoveAsync(string name, string target, CancellationToken cancellationToken);

    /// <summary>Deletes a file; one that is not there is no error.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}
