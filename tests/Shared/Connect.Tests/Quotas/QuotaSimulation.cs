using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect.Tests.Quotas;

/// <summary>
/// Workers, a ledger and a vendor on a simulated time line: clocks that are wrong and drift, answers that get lost, workers that die and
/// come back, requests that take their time. The vendor notes when each request arrives.
/// </summary>
internal sealed class QuotaSimulation
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    readonly Random _random;
    readonly IReadOnlyList<QuotaLimit> _limits;
    readonly PriorityQueue<Action, TimeSpan> _events = new();
    readonly List<Worker> _workers = [];
    string? _account;
    long _version;

    public QuotaSimulation(int seed, IReadOnlyList<QuotaLimit> limits, int workers, bool faults)
    {
        (_random, _limits, Faults) = (new(seed), limits, faults);
        for (var i = 0; i < workers; i++)
            Begin();
    }

    /// <summary>Whether things fail; if not, the workers ask for more than there is all the time.</summary>
    public bool Faults { get; }

    /// <summary>When requests reached the vendor, and what they weighed.</summary>
    public List<(TimeSpan At, int Weight)> Arrivals { get; } = [];

    public int Deaths { get; private set; }

    TimeSpan Now { get; set; }

    public QuotaAccount Account => JsonSerializer.Deserialize<QuotaAccount>(_account!, ContractJson.Options)!;

    public void Run(TimeSpan until)
    {
        while (_events.TryDequeue(out var act, out var at) && at <= until)
        {
            Now = at;
            act();
        }
    }

    /// <summary>The most weight that arrived in any stretch of time as long as this; half open, as in "per second".</summary>
    public int Most(TimeSpan per)
    {
        var sorted = Arrivals.OrderBy(a => a.At).ToList();
        var (most, sum, from) = (0, 0, 0);
        foreach (var (at, weight) in sorted)
        {
            sum += weight;
            while (at - sorted[from].At >= per)
                sum -= sorted[from++].Weight;
            most = Math.Max(most, sum);
        }

        return most;
    }

    TimeSpan Between(double low, double high) => TimeSpan.FromMilliseconds(low + (_random.NextDouble() * (high - low)));

    void After(TimeSpan delay, Action act) => _events.Enqueue(act, Now + delay);

    void Begin()
    {
        var worker = new Worker(this, $"worker-{_workers.Count}");
        _workers.Add(worker);
        After(Between(0, 2000), worker.Ask);
    }

    sealed class Worker
    {
        readonly QuotaSimulation _world;
        readonly TimeSpan _offset;
        readonly double _speed;
        readonly ServerClock _clock = new();
        readonly QuotaShare _share;
        readonly Queue<int> _line = new();
        readonly double _eagerness;
        bool _isDead;
        bool _isExchanging;

        public Worker(QuotaSimulation world, string name)
        {
            _world = world;
            _offset = world.Between(0, 1e9);
            _speed = 1 + ((world._random.NextDouble() - 0.5) * 300e-6);
            _eagerness = world.Faults ? world.Between(5, 600).TotalMilliseconds : 150;
            _share = new(name, world._limits, new(), _clock);
        }

        TimeSpan Now => _offset + (_world.Now * _speed);

        public void Ask()
        {
            if (_isDead)
                return;
            var most = Math.Min(_share.Most, 4);
            if (_line.Count < 30)
            {
                var weight = _world.Faults && _world._random.Next(5) == 0 ? _world._random.Next(1, most + 1) : 1;
                _line.Enqueue(weight);
                _share.Asked(weight);
                _share.Waiting += weight;
            }

            Serve();
            if (!_isExchanging)
                Exchange();

            // Now and then nothing for a long time.
            _world.After(_world.Faults && _world._random.Next(200) == 0 ? _world.Between(20_000, 60_000) : _world.Between(0, _eagerness), Ask);
            if (_world.Faults && _world._random.Next(400) == 0)
                Die();
        }

        void Die()
        {
            _isDead = true;
            _world.Deaths++;
            _world.Begin();
        }

        void Serve()
        {
            while (!_isDead && _line.TryPeek(out var weight) && _share.TryTake(weight, Now) is { } use)
            {
                _line.Dequeue();
                _share.Waiting -= weight;
                var (travels, answers) = (_world.Between(0, 400), _world.Between(0, 300));
                _world.After(travels, () => _world.Arrivals.Add((_world.Now, weight)));
                if (!_world.Faults || _world._random.Next(20) > 0)
                {
                    _world.After(travels + answers, () => Ended(use, wasAnswered: true));
                }
                else
                {
                    // We give up while the request is still on its way.
                    _world.After(travels / 2, () => Ended(use, wasAnswered: false));
                }
            }

            if (!_isDead && _line.TryPeek(out var next) && _share.UsableAt(next) is { } moment && moment > Now)
                _world.After((moment - Now) * 1.0005, Serve);
        }

        void Ended(QuotaUse use, bool wasAnswered)
        {
            if (_isDead)
                return;
            _share.Ended(use, wasAnswered, Now);
            Serve();
        }

        void Exchange()
        {
            _isExchanging = true;
            _share.BeginExchange(Now);
            Read();
        }

        void Read()
        {
            var sent = Now;
            _world.After(_world.Between(0, 60), () =>
            {
                var (text, version, date) = (_world._account, _world._version, Start + _world.Now);
                if (_world.Faults && _world._random.Next(30) == 0)
                    _world.After(_world.Between(100, 20_000), () => Again(TimeSpan.FromSeconds(1))); // the storage is away
                else
                    _world.After(_world.Between(0, 60), () => Write(text, version, date, sent));
            });
        }

        void Write(string? text, long version, DateTimeOffset date, TimeSpan sent)
        {
            if (_isDead)
                return;
            var second = new DateTimeOffset(date.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
            _clock.Observe(second, second.AddSeconds(1), sent, Now);
            if (!_share.HasLease(Now))
                _share.BeginExchange(Now);
            _share.Next = _line.TryPeek(out var next) ? next : 1;
            var exchange = _share.Exchange(text is null ? null : JsonSerializer.Deserialize<QuotaAccount>(text, ContractJson.Options), Now);
            var written = JsonSerializer.Serialize(exchange.Account, ContractJson.Options);
            var fate = _world.Faults ? _world._random.Next(30) : 30;
            _world.After(_world.Between(0, 60), () =>
            {
                var isFirst = _world._version == version;
                if (isFirst && fate != 0)
                    (_world._account, _world._version) = (written, version + 1);
                _world.After(_world.Between(0, 60), () =>
                {
                    if (_isDead)
                        return;
                    if (fate is 0 or 1)
                    {
                        _share.ExchangeUnknown(); // written or not, the answer is lost
                        Again(TimeSpan.FromSeconds(1));
                    }
                    else if (fate == 2 && isFirst)
                    {
                        _share.ExchangeRefused(); // written, but the client repeated it and the second try was refused
                        Read();
                    }
                    else if (!isFirst)
                    {
                        _share.ExchangeRefused();
                        _world.After(_world.Between(0, 30), Read);
                    }
                    else
                    {
                        _share.ExchangeWritten(exchange);
                        Serve();
                        if (exchange.Next != Timeout.InfiniteTimeSpan)
                            Again(_share.MayGetMore(Now) ? TimeSpan.FromMilliseconds(20) : exchange.Next);
                        else
                            _isExchanging = false;
                    }
                });
            });
        }

        void Again(TimeSpan delay) => _world.After(delay, () =>
        {
            if (!_isDead)
                Exchange();
        });
    }
}
