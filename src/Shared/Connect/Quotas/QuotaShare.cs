using System.Runtime.InteropServices;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The permits of one key that are with this worker, and how they are exchanged with the account. All moments are on the worker's own
/// clock, as time since some beginning. It does no waiting and no input or output, and is not thread-safe: <see cref="QuotaGate"/> is.
/// </summary>
internal sealed class QuotaShare
{
    readonly string _worker;
    readonly QuotaTerms _terms;
    readonly Held[] _held;
    readonly ServerClock _clock;
    TimeSpan _leaseEnd = TimeSpan.MinValue;
    TimeSpan _pausedUntil = TimeSpan.MinValue;
    TimeSpan _askedAt;
    double _asked;
    double _rate;
    long _number;
    int _generation;
    bool _wasRefused;
    bool _isLimited;
    bool _pauseIsNews;

    public QuotaShare(string worker, IReadOnlyList<QuotaLimit> limits, QuotaTerms terms, ServerClock clock)
    {
        (_worker, _terms, _clock) = (worker, terms, clock);
        _held = [.. limits.OrderBy(l => l.Per).Select(l => new Held(l.Permits, l.Per))];
    }

    /// <summary>Weight of those who wait in this process.</summary>
    public int Waiting { get; set; }

    /// <summary>Weight of the first of them; 1 when nobody waits.</summary>
    public int Next { get; set; } = 1;

    /// <summary>Whether it holds anything.</summary>
    public bool IsEmpty => Array.TrueForAll(_held, h => h.Count == 0);

    /// <summary>Nobody may ask before; on the worker's clock.</summary>
    public TimeSpan PausedUntil => _pausedUntil;

    /// <summary>When the first permit of an account that is used up can be used again; null when it is not used up.</summary>
    public TimeSpan? UsedUpUntil { get; private set; }

    /// <summary>The most that a single request may weigh.</summary>
    public int Most => _held.Min(h => h.Permits);

    /// <summary>The limits as they stand here, for people.</summary>
    public IReadOnlyList<QuotaLimitState> Limits => [.. _held.Select(h => new QuotaLimitState(h.Permits, h.Per, h.Ceiling, h.Count, h.InFlight))];

    public bool HasLease(TimeSpan now) => now < _leaseEnd;

    /// <summary>Whether the account may have something for it that it has not got.</summary>
    public bool MayGetMore(TimeSpan now) => !_isLimited && Array.Exists(_held, h => Demand(h, now) > h.Count);

    /// <summary>Notes that somebody asks, whether served or not.</summary>
    public void Asked(int weight) => _asked += weight;

    /// <summary>Takes permits for one request, of every limit; null when not all can be used now.</summary>
    public QuotaUse? TryTake(int weight, TimeSpan now)
    {
        if (UsableAt(weight) is not { } moment || moment > now || !HasLease(now))
            return null;
        foreach (var held in _held)
            held.Take(weight);
        return new(weight, _generation, now);
    }

    /// <summary>When it may take so many; null when it does not hold enough.</summary>
    public TimeSpan? UsableAt(int weight)
    {
        var moment = _pausedUntil;
        foreach (var held in _held)
        {
            if (held.UsableAt(weight) is not { } usable)
                return null;
            moment = usable > moment ? usable : moment;
        }

        return moment;
    }

    /// <summary>Before when so many cannot be taken, because all that there are of some limit are here; null when others may have more.</summary>
    public TimeSpan? AllBusyUntil(int weight) =>
        _held.Where(h => h.Count >= h.Ceiling).Select(h => h.UsableAt(weight)).Aggregate((TimeSpan?)null, (latest, usable) => usable > (latest ?? TimeSpan.MinValue) ? usable : latest);

    /// <summary>
    /// The request has ended: it reached the vendor before now, so its permits can be used again once the limit's time has passed from
    /// now. Not from when they were taken: nobody knows how long it was under way.
    /// </summary>
    public void Ended(QuotaUse use, bool wasAnswered, TimeSpan now)
    {
        if (use.Generation != _generation)
            return; // the permits were lost in the meantime, and counted as used
        foreach (var held in _held)
            held.PutBack(use.Weight, now + held.Per + (wasAnswered ? TimeSpan.Zero : _terms.Grace), now - use.TakenAt);
    }

    /// <summary>The request was not made.</summary>
    public void Unused(QuotaUse use, TimeSpan now)
    {
        if (use.Generation != _generation)
            return;
        foreach (var held in _held)
            held.PutBack(use.Weight, now, TimeSpan.Zero);
    }

    /// <summary>The vendor wants to be left alone until a moment.</summary>
    public void Pause(TimeSpan until)
    {
        if (until <= _pausedUntil)
            return;
        _pausedUntil = until;
        _pauseIsNews = true;
    }

    /// <summary>The vendor allows less than was declared.</summary>
    /// <param name="per">Of the limit for this time; null for the one that fits best.</param>
    /// <param name="ceiling">What it allows; null when it only refused, which makes it somewhat less than until now.</param>
    public void Lower(TimeSpan? per, int? ceiling)
    {
        var held = per is { } exact
            ? Array.Find(_held, h => h.Per == exact)
            : ceiling is { } most ? _held.MinBy(h => Math.Abs(Math.Log((double)h.Permits / Math.Max(1, most)))) : _held[0];
        if (held is null || ceiling >= held.Ceiling)
            return;
        held.Lowered = Math.Max(1, Math.Min(held.Lowered ?? int.MaxValue, ceiling ?? (held.Ceiling * 4 / 5)));
    }

    /// <summary>Begins an exchange. What the lease no longer covers is given up.</summary>
    public void BeginExchange(TimeSpan now)
    {
        var elapsed = (now - _askedAt).TotalSeconds;
        if (elapsed > 0.05)
        {
            // Quick to grow and slow to shrink, so that a pause of a moment gives nothing away.
            var rate = _asked / elapsed;
            _rate = rate > _rate ? rate : rate + ((_rate - rate) * Math.Exp(-elapsed / _terms.Calm.TotalSeconds));
            if (_rate < 0.02)
                _rate = 0;
            (_asked, _askedAt) = (0, now);
        }

        if (!HasLease(now))
            GiveUp();
    }

    /// <summary>
    /// Exchanges with the account: returns what is not needed or due to others, takes what is there. To be written with
    /// <see cref="ExchangeWritten"/>, <see cref="ExchangeRefused"/> or <see cref="ExchangeUnknown"/> afterwards.
    /// </summary>
    public QuotaExchange Exchange(QuotaAccount? found, TimeSpan now)
    {
        var account = found ?? new();
        var (low, high) = (_clock.AtLeast(now), _clock.AtMost(now));
        Bury(account, low);
        var me = account.Workers.Find(w => w.Name == _worker);
        if (me is null)
            account.Workers.Add(me = new() { Name = _worker });
        // A write that seemed to be refused, because the client repeated it after its answer was lost.
        if (_wasRefused && me.Number == _number)
            Array.ForEach(_held, h => h.Returning.Clear());
        _wasRefused = false;
        me.Number = ++_number;
        me.Until = high + _terms.Lease;
        me.Unit = Next;

        var limits = _held.Select(h => LimitOf(account, h, found is not null, high)).ToArray();
        foreach (var worker in account.Workers)
        {
            Fill(worker.Held, account.Limits.Count);
            Fill(worker.Wants, account.Limits.Count);
        }

        if (Array.Exists(_held, h => me.Held[limits[Array.IndexOf(_held, h)]] < h.Count + h.ReturningCount))
            GiveUp(); // the account knows of fewer: it was lost, or somebody thought that we were

        if (account.PausedUntil > low && !_pauseIsNews)
            _pausedUntil = now + (account.PausedUntil - low);
        else if (_pauseIsNews && high + (_pausedUntil - now) > account.PausedUntil)
            account.PausedUntil = high + (_pausedUntil - now);

        var (isSettled, goesRound, isLimited, next) = (true, false, false, (TimeSpan?)null);
        for (var i = 0; i < _held.Length; i++)
        {
            var (held, index, limit) = (_held[i], limits[i], account.Limits[limits[i]]);
            held.Granted.Clear();

            // What the account has with us and we do not know of was given in an exchange whose end we missed, or lost with a lease.
            limit.Put(high + held.Per + _terms.Grace, me.Held[index] - held.Count - held.ReturningCount);
            me.Wants[index] = Demand(held, now);
            Adjust(account, limit, index, held, high, low);
            held.ReturnUsedUp(now + _terms.Ahead, isShort: held.Per <= _terms.Ahead);

            var workers = account.Workers.ConvertAll(w => (w.Name, w.Wants[index], w.Unit));
            var capacity = limit.Ceiling - limit.Free.Where(f => f.From > low + _terms.Ahead).Sum(f => f.Count) - held.ReturningCount;
            var epoch = low.UtcTicks / QuotaTerms.Turn(held.Per).Ticks;
            var (parts, round) = QuotaDivision.Of(workers, Math.Max(0, capacity), epoch);
            var mine = parts[account.Workers.IndexOf(me)];
            held.Return(held.Count - mine, isShort: held.Per <= _terms.Ahead);
            foreach (var (at, count) in held.Returning)
                limit.Put(high + (at > now ? at - now : TimeSpan.Zero), count);
            me.Held[index] = held.Count;

            var room = Math.Min(mine - held.Count, limit.Ceiling - account.Workers.Sum(w => w.Held[index]));
            foreach (var free in limit.Take(room, low + _terms.Ahead))
            {
                held.Granted.Add((now + (free.From > low ? free.From - low : TimeSpan.Zero), free.Count));
                me.Held[index] += free.Count;
            }

            isLimited |= mine < me.Wants[index];
            goesRound |= round;
            for (var w = 0; w < parts.Length; w++)
                isSettled &= account.Workers[w].Held[index] == parts[w];
            if (capacity <= 0 && account.Workers.TrueForAll(w => w.Held[index] == 0) && limit.Free is [var first, ..])
                next = now + (first.From - low) is { } later && later > (next ?? TimeSpan.Zero) ? later : next;
        }

        var leaves = me.Held.TrueForAll(h => h == 0) && me.Wants.TrueForAll(w => w == 0);
        if (leaves)
            account.Workers.Remove(me);
        var calm = isSettled ? _terms.Calm : QuotaTerms.Busy(_held[0].Per);
        var turn = QuotaTerms.Turn(_held[0].Per);
        if (goesRound && isSettled && turn < calm)
            calm = turn;
        return new(account, now, _generation, leaves, leaves ? Timeout.InfiniteTimeSpan : calm, isLimited, next);
    }

    /// <summary>The account has what the exchange made of it.</summary>
    public void ExchangeWritten(QuotaExchange exchange)
    {
        if (exchange.Generation != _generation)
        {
            ExchangeUnknown(); // the lease was lost while it was written
            return;
        }

        foreach (var held in _held)
            held.Keep();
        _leaseEnd = exchange.BeganAt + _terms.Lease;
        _isLimited = exchange.IsLimited;
        _pauseIsNews = false;
        UsedUpUntil = exchange.UsedUpUntil;
    }

    /// <summary>The account was changed by somebody else first: nothing has been exchanged, and what was to be returned still is to be.</summary>
    public void ExchangeRefused()
    {
        _wasRefused = true;
        foreach (var held in _held)
            held.Granted.Clear();
    }

    /// <summary>
    /// Nobody knows whether the account was written. What was to be returned is not used again, and what was to be taken is not used:
    /// the next exchange finds out by comparing.
    /// </summary>
    public void ExchangeUnknown()
    {
        foreach (var held in _held)
        {
            held.Granted.Clear();
            held.Returning.Clear();
        }
    }

    /// <summary>Everything is given back at the end of the process; what is still under way counts as used now.</summary>
    public void ReturnAll(TimeSpan now)
    {
        foreach (var held in _held)
            held.ReturnAll(now + held.Per + _terms.Grace);
        _generation++;
        (_rate, _asked, Waiting) = (0, 0, 0);
    }

    /// <summary>This process stood still for longer than its clock says: others may have what it held.</summary>
    public void LoseLease()
    {
        GiveUp();
        _leaseEnd = TimeSpan.MinValue;
        _clock.Forget();
    }

    // Permits that we no longer may use; the account counts them as used at the end of the lease, or now.
    void GiveUp()
    {
        foreach (var held in _held)
            held.Clear();
        _generation++;
    }

    int Demand(Held held, TimeSpan now)
    {
        // The time after which a permit comes back, or for which we provide.
        var cycle = Math.Min((held.Per + held.Latency).TotalSeconds, _terms.Ahead.TotalSeconds);
        var pace = (int)Math.Min(held.Permits, Math.Ceiling((_rate * cycle * 1.25) - 0.001));
        var busy = held.BusyAt(now);
        return Math.Min(held.Permits, Waiting + (held.Per > _terms.Ahead ? busy + pace : Math.Max(busy, pace)));
    }

    void Bury(QuotaAccount account, DateTimeOffset low)
    {
        foreach (var dead in account.Workers.Where(w => w.Name != _worker && w.Until + _terms.Grace < low).ToList())
        {
            for (var i = 0; i < dead.Held.Count; i++)
                account.Limits[i].Put(dead.Until + _terms.Grace + TimeSpan.FromTicks(account.Limits[i].Per), dead.Held[i]);
            account.Workers.Remove(dead);
        }
    }

    static int LimitOf(QuotaAccount account, Held held, bool isKnown, DateTimeOffset high)
    {
        var index = account.Limits.FindIndex(l => l.Per == held.Per.Ticks);
        if (index >= 0)
            return index;
        var limit = new QuotaAccountLimit { Per = held.Per.Ticks, Permits = held.Permits, Ceiling = held.Permits, CeilingAt = high };

        // An account that was there before, or that we remember and it does not, has been used: nobody knows how much of it.
        var isNew = !isKnown && held.Count + held.ReturningCount == 0;
        limit.Put(isNew ? DateTimeOffset.UnixEpoch : high + held.Per, held.Permits);
        account.Limits.Add(limit);
        return account.Limits.Count - 1;
    }

    // To what is declared, to what the vendor says, and slowly back.
    void Adjust(QuotaAccount account, QuotaAccountLimit limit, int index, Held held, DateTimeOffset high, DateTimeOffset low)
    {
        if (limit.Permits != held.Permits)
            (limit.Ceiling, limit.Permits) = (limit.Ceiling == limit.Permits ? held.Permits : Math.Min(limit.Ceiling, held.Permits), held.Permits);

        // Our own are counted by what the account knew, less what it was just told is free.
        var total = limit.FreeCount + account.Workers.Where(w => w.Name != _worker).Sum(w => w.Held[index]) + held.Count + held.ReturningCount;
        if (total < limit.Permits)
            limit.Put(high + held.Per, limit.Permits - total);
        else if (total > limit.Permits)
            limit.Take(total - limit.Permits, DateTimeOffset.MaxValue);

        var pace = held.Per > TimeSpan.FromSeconds(10) ? held.Per : TimeSpan.FromSeconds(10);
        if (held.Lowered is { } lowered)
        {
            // Many are refused at once for one cause.
            if (lowered < limit.Ceiling && (low - limit.CeilingAt > (pace / 4) || limit.Ceiling == limit.Permits))
                (limit.Ceiling, limit.CeilingAt) = (lowered, high);
        }
        else if (limit.Ceiling < limit.Permits && low - limit.CeilingAt > pace && low - account.PausedUntil > pace)
        {
            (limit.Ceiling, limit.CeilingAt) = (Math.Min(limit.Permits, limit.Ceiling + Math.Max(1, limit.Permits / 20)), high);
        }

        held.Ceiling = limit.Ceiling;
    }

    static void Fill(List<int> numbers, int count)
    {
        while (numbers.Count < count)
            numbers.Add(0);
    }

    /// <summary>Permits of one limit.</summary>
    sealed class Held(int permits, TimeSpan per)
    {
        readonly UsableTimes _usable = new();

        public int Permits { get; } = permits;

        public TimeSpan Per { get; } = per;

        public int Ceiling { get; set; } = permits;

        /// <summary>A ceiling that the account does not know of yet.</summary>
        public int? Lowered { get; set; }

        public int InFlight { get; private set; }

        /// <summary>How long requests take, on the whole.</summary>
        public TimeSpan Latency { get; private set; }

        public int Count => _usable.Count + InFlight;

        /// <summary>No longer ours, but the account does not know of it yet.</summary>
        public List<(TimeSpan At, int Count)> Returning { get; } = [];

        public int ReturningCount => Returning.Sum(r => r.Count);

        /// <summary>Ours once the account is written.</summary>
        public List<(TimeSpan At, int Count)> Granted { get; } = [];

        /// <summary>Permits that cannot be used now.</summary>
        public int BusyAt(TimeSpan now) => InFlight + _usable.Count - _usable.CountUpTo(now);

        public TimeSpan? UsableAt(int weight) => _usable.Count < weight ? null : _usable[weight - 1];

        public void Take(int weight)
        {
            _usable.RemoveFirst(weight);
            InFlight += weight;
        }

        public void PutBack(int weight, TimeSpan at, TimeSpan latency)
        {
            InFlight -= weight;
            Insert(at, weight);
            Latency += (latency - Latency) / 8;
        }

        /// <summary>Gives away so many of those that are not under way: of a short limit those that others can use last, because they learn of them last too.</summary>
        public void Return(int count, bool isShort)
        {
            for (count = Math.Min(count, _usable.Count); count > 0; count--)
                ReturnAt(isShort ? _usable.Count - 1 : 0);
        }

        /// <summary>What cannot be used for long is not kept: should we die, only what it was used for would be known.</summary>
        public void ReturnUsedUp(TimeSpan after, bool isShort)
        {
            while (!isShort && _usable.Count > 0 && _usable[_usable.Count - 1] > after)
                ReturnAt(_usable.Count - 1);
        }

        public void ReturnAll(TimeSpan underWayAt)
        {
            Return(_usable.Count, isShort: false);
            if (InFlight > 0)
                Returning.Add((underWayAt, InFlight));
            InFlight = 0;
        }

        public void Keep()
        {
            foreach (var (at, count) in Granted)
                Insert(at, count);
            Granted.Clear();
            Returning.Clear();
            Lowered = null;
        }

        public void Clear()
        {
            _usable.Clear();
            Returning.Clear();
            InFlight = 0;
        }

        void ReturnAt(int index)
        {
            var at = _usable[index];
            if (index == 0)
                _usable.RemoveFirst(1);
            else
                _usable.RemoveLast();
            if (Returning is [.., var last] && last.At == at)
                Returning[^1] = (at, last.Count + 1);
            else
                Returning.Add((at, 1));
        }

        void Insert(TimeSpan at, int count) => _usable.Add(at, count);
    }
}

/// <summary>Permits taken for one request.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuotaUse(int Weight, int Generation, TimeSpan TakenAt);

/// <summary>An exchange that is to be written.</summary>
/// <param name="Account">The account as it is to be.</param>
/// <param name="BeganAt">When it was made; the lease runs from here.</param>
/// <param name="Generation">Which permits it is about.</param>
/// <param name="Leaves">Whether this worker holds and wants nothing any more.</param>
/// <param name="Next">When to exchange again.</param>
/// <param name="IsLimited">Whether it got less than it wants because there is no more.</param>
/// <param name="UsedUpUntil">When the first permit of an account that is used up comes back.</param>
internal sealed record QuotaExchange(QuotaAccount Account, TimeSpan BeganAt, int Generation, bool Leaves, TimeSpan Next, bool IsLimited, TimeSpan? UsedUpUntil);

/// <summary>One limit as it stands in this process.</summary>
/// <param name="Permits">What is declared.</param>
/// <param name="Per">For this time.</param>
/// <param name="Ceiling">What the vendor seems to allow.</param>
/// <param name="Held">Permits with this process.</param>
/// <param name="InFlight">Those of requests under way.</param>
public sealed record QuotaLimitState(int Permits, TimeSpan Per, int Ceiling, int Held, int InFlight);
