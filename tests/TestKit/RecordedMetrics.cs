using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.TestKit;

/// <summary>A factory of meters, and what their instruments measured: <c>name{tag=value,…}</c> with tags by name.</summary>
public sealed class RecordedMetrics : IDisposable
{
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly MeterListener _listener = new();
    readonly ConcurrentQueue<(string Series, double Value)> _measured = new();

    public RecordedMetrics()
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == Meters) // other tests' meters have the same names
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public IMeterFactory Meters { get; }

    /// <summary>What was measured so far, in order, with what observable instruments say now.</summary>
    public IReadOnlyList<(string Series, double Value)> All
    {
        get
        {
            _listener.RecordObservableInstruments();
            return [.. _measured];
        }
    }

    /// <summary>The measurements of one series, in order.</summary>
    public IReadOnlyList<double> Of(string series) => [.. All.Where(m => m.Series == series).Select(m => m.Value)];

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var told = tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{t.Key}={t.Value}"));
        _measured.Enqueue(($"{instrument.Name}{{{string.Join(',', told)}}}", value));
    }
}
