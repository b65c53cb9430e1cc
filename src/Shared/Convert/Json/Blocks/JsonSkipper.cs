using System.Runtime.CompilerServices;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>Steps over an object or array, checking all of it. The text is as <see cref="JsonBytes"/> wants it.</summary>
internal sealed class JsonSkipper(int maxDepth)
{
    readonly bool[] _isArray = new bool[maxDepth];

    /// <summary>Whether the last value that was stepped over has neither blanks nor escapes: it is then written as the converter writes JSON.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>The end of the object or array that begins here; -1 where it is none, ends too late or is too deep.</summary>
    /// <param name="depth">How many objects and arrays are open around it.</param>
    public int End(ref byte text, int at, int depth)
    {
        IsPlain = true;
        var bottom = depth;
        while (true)
        {
            var isArray = Unsafe.Add(ref text, at) == '[';
            if (depth == _isArray.Length)
                return -1;
            _isArray[depth++] = isArray;
            at = Blanks(ref text, at + 1);
            if (Unsafe.Add(ref text, at) == (isArray ? ']' : '}'))
            {
                at = Close(ref text, at, ref depth, bottom);
                if (at < 0 || depth == bottom)
                    return at;
            }

            // A value is expected here, or a name before one; what opens goes round again.
            while (true)
            {
                if (!_isArray[depth - 1] && (at = Name(ref text, at)) < 0)
                    return -1;
                if (Unsafe.Add(ref text, at) is (byte)'[' or (byte)'{')
                    break;
                if ((at = Scalar(ref text, at)) < 0)
                    return -1;
                at = Close(ref text, Blanks(ref text, at), ref depth, bottom);
                if (at < 0 || depth == bottom)
                    return at;
            }
        }
    }

    /// <summary>After a value: closes what ends here and steps over the comma before the next value.</summary>
    int Close(ref byte text, int at, ref int depth, int bottom)
    {
        while (Unsafe.Add(ref text, at) == (_isArray[depth - 1] ? ']' : '}'))
        {
            at++;
            if (--depth == bottom)
                return at;
            at = Blanks(ref text, at);
        }

        return Unsafe.Add(ref text, at) == ',' ? Blanks(ref text, at + 1) : -1;
    }

    int Name(ref byte text, int at)
    {
        if (Unsafe.Add(ref text, at) != '"' || (at = String(ref text, at + 1)) < 0)
            return -1;
        at = Blanks(ref text, at);
        return Unsafe.Add(ref text, at) == ':' ? Blanks(ref text, at + 1) : -1;
    }

    int Scalar(ref byte text, int at) => Unsafe.Add(ref text, at) switch
    {
        (byte)'"' => String(ref text, at + 1),
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonBytes.NumberEnd(ref text, at),
        _ => JsonBytes.WordEnd(ref text, at),
    };

    int String(ref byte text, int at)
    {
        while (true)
        {
            at = JsonBytes.StringEnd(ref text, at);
            switch (Unsafe.Add(ref text, at))
            {
                case (byte)'"':
                    return at + 1;
                case (byte)'\\' when JsonBytes.EscapeLength(ref text, at) is > 0 and var length:
                    IsPlain = false;
                    at += length;
                    break;
                default:
                    return -1;
            }
        }
    }

    int Blanks(ref byte text, int at)
    {
        if (Unsafe.Add(ref text, at) > ' ')
            return at;
        IsPlain = false;
        return JsonBytes.SkipBlanks(ref text, at);
    }
}
