using Confluent.Kafka;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What librdkafka reports, in our words.</summary>
internal static class KafkaFailures
{
    /// <summary>A failure of a source.</summary>
    /// <param name="site">The source.</param>
    /// <param name="what">What was being done, such as <c>Reading the topic 'prices'</c>.</param>
    /// <param name="error">What librdkafka said.</param>
    public static StepFailedException Of(SourceSite site, string what, Error error)
    {
        var said = $"{what} failed: {error.Reason} ({error.Code}).";
        return error.Code switch
        {
            ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.IllegalSaslState or ErrorCode.DelegationTokenExpired =>
                site.Fail("unauthorized", $"{said} Check user, password or token, and the 'sasl' mechanism.", isTransient: false),
            ErrorCode.UnsupportedSaslMechanism => site.Fail("configuration-invalid", $"{said} Set 'sasl' to a mechanism that the broker has.", isTransient: false),
            ErrorCode.TopicAuthorizationFailed => site.Fail("forbidden", $"{said} The user needs the rights to describe and read the topic.", isTransient: false),
            ErrorCode.GroupAuthorizationFailed => site.Fail("forbidden", $"{said} The user needs the right to read the consumer group, or leave 'group' out.", isTransient: false),
            ErrorCode.ClusterAuthorizationFailed or ErrorCode.PolicyViolation => site.Fail("forbidden", said, isTransient: false),
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.UnknownTopicId =>
                site.Fail("not-found", $"{said} 'sources discover' lists the topics that there are.", isTransient: false),
            ErrorCode.TopicException or ErrorCode.InvalidGroupId => site.Fail("configuration-invalid", said, isTransient: false),
            ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset or ErrorCode.Local_LogTruncation =>
                site.Fail("source-changed", $"{said} Messages that were to be read next are no longer there.", isTransient: false),
            ErrorCode.Local_Ssl when error.Reason.Contains("certificate verify failed", StringComparison.OrdinalIgnoreCase) =>
                site.Fail("certificate-refused", $"{said} Set 'tls.ca' to the authority that issued the broker's certificate.", isTransient: false),
            ErrorCode.Local_Ssl => site.Fail("source-unavailable", $"{said} TLS could not be agreed on.", isTransient: true),
            ErrorCode.ThrottlingQuotaExceeded => site.Fail("rate-limited", said, isTransient: true),
            ErrorCode.Local_TimedOut or ErrorCode.RequestTimedOut or ErrorCode.Local_MsgTimedOut => site.Fail("timeout", said, isTransient: true),
            ErrorCode.Local_BadMsg or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord =>
                site.Fail("protocol-error", $"{said} A batch of messages is damaged; nothing behind it can be read in that partition.", isTransient: false),
            ErrorCode.Local_BadCompression or ErrorCode.UnsupportedCompressionType or ErrorCode.Local_NotImplemented or ErrorCode.Local_UnsupportedFeature
                or ErrorCode.UnsupportedVersion => site.Fail("protocol-error", said, isTransient: false),
            ErrorCode.FencedInstanceId => site.Fail("configuration-invalid", $"{said} Another reader uses the same 'member' of the group.", isTransient: false),
            ErrorCode.Local_InvalidArg or ErrorCode.InvalidConfig => site.Fail("configuration-invalid", said, isTransient: false),
            _ => site.Fail("source-unavailable", said, isTransient: true),
        };
    }

    /// <summary>Whether an event is only news: librdkafka mends it by itself.</summary>
    public static bool Mends(Error error) => !error.IsFatal && error.Code is not (ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed
        or ErrorCode.UnsupportedSaslMechanism or ErrorCode.Local_Ssl or ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.Local_MaxPollExceeded
        or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.FencedInstanceId or ErrorCode.GroupAuthorizationFailed);
}
