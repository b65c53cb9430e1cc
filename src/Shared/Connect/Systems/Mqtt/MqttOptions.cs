using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Versions of MQTT.</summary>
internal enum MqttVersion
{
    /// <summary>MQTT 5.</summary>
    V5,

    /// <summary>MQTT 3.1.1.</summary>
    V311,
}

/// <summary>Options of a connection to an MQTT broker.</summary>
internal sealed record MqttConnectionOptions
{
    /// <summary>Version to speak; default <see cref="MqttVersion.V5"/>.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.V5;

    /// <summary>Silence after which the broker is asked whether it is there; 1 s to 1 h, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Options of reading from an MQTT broker.</summary>
internal sealed record MqttReadOptions
{
    /// <summary>Further topic filters; wildcards and <c>$share/group/…</c> as the broker knows them.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Quality of service asked for; 0, 1 or 2, default 1.</summary>
    [Range(0, 2)]
    public int Qos { get; init; } = 1;

    /// <summary>Name of our session at the broker, the same for every run and nobody else's; default <c>ingest-{source}-{dataset}</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>How long the broker keeps our session while we are away, in MQTT 5; default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Messages the broker may send before any is acknowledged; bounds a window. In MQTT 3.1.1 what the broker is set to. 1 to 65,535, default 400.</summary>
    [Range(1, 65_535)]
    public int ReceiveMaximum { get; init; } = 400;

    /// <summary>Whether messages that the broker retained before we subscribed first are read; default true.</summary>
    public bool Retained { get; init; } = true;
}
