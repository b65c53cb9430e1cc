namespace DataIngestion.Conversion.Tests.Compression;

/// <summary>The same forty trades, packed by liblzma 5 with each check, with <c>lp=2</c> in a dictionary of 4 KiB, and a piece of them with a delta filter.</summary>
internal static class XzSamples
{
    public const string Sha256OfPlain = "071b625814437ed25eb9c893047d9fbeb1a64f6d956b8a9be2eee4c359e9248f";

    public static IEnumerable<(string Name, byte[] Packed)> All => [("crc64", System.Convert.FromBase64String(Crc64)), ("crc32", System.Convert.FromBase64String(Crc32)), ("sha256", System.Convert.FromBase64String(Sha256)), ("none", System.Convert.FromBase64String(None)), ("lp2", System.Convert.FromBase64String(Lp2))];

    public static byte[] WithDelta => System.Convert.FromBase64String(Delta);

    const string Crc64 =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AdjAoNdADoaSfrgndO8tEcUSO6glkN69LOMaMOnnLuTHwS8Y0OxuwvEqEmJyC21iXxDcXxSLaF37UW3VBpPStf+UDIQLgoSSIS5e5EdQ280"
        + "8gUQxUahqvd5rASlQG+UmB5D0ahkYkHIasn0NtgIlhCrI/wR1G9aBS3RXv9JlSnvz4lr4nimyduIph5WxfUEXyN4LbV2M5jEcaCSZXCb0vcGEIgugvSRgYBfhhKnJLp43OEqnCMQ0axB"
        + "FCzdDXLwL7l7TJLZxITl174oEhn+gUvkIUqNxU5WKJu1EdqnPpHTrVCOC9+NSrNUXR2I3h/a9YQ3bbum63tA58lDFbKhhufjQbUV6bJJqHjFYGsD4IjqSqEuL8xfY95Swm98mv2/DNzk"
        + "V8/G0CV+Fwx/552UjLr7nKuFFz4xJ8nM5InftdL5kgK/DE1NDkgDhNUJmBbKmXjjTXlBIjAvLpCZpFwlakKPTV73bDtPuRqV+uTI6kvjXyWuTONUALPTB238QcJ0PwPoCrBkxLAeFPFM"
        + "gx1ty92zcTeE84lV9SxEcRDYTS4eSaQZjZ8EyWWXTDqLpULrvOTmCAuIOvJtq+NXyPxUJ2PFysny8uX4oFxG0oSIdTjVU7LWXUUArURI/RV/BtB2/6L2y828uJS7TNydthg0FtuxcyMV"
        + "rnYmmyQp4X8dyGRGS8RX3wqMA1X7mBOLhz6w08V/Kg0n4qnTF5eUfjy/kDQ2G7coJ76d1Yi59Swnp8oXwABUk7PK7g1NstPZHtrbSKrX7/O37NCBzyidoQPFdAnF7XB1KLmtv2HBhTiP"
        + "pjiHMlOrDyNQcaUm4wykupoUdBAj8mCKWTZdtZiOIgYL4bpYm3iGu31BAAAAAC9er5xMHZ/6AAGfBeQOAABeBAa0scRn+wIAAAAABFla";

    const string Crc32 =
        "/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4AdjAoNdADoaSfrgndO8tEcUSO6glkN69LOMaMOnnLuTHwS8Y0OxuwvEqEmJyC21iXxDcXxSLaF37UW3VBpPStf+UDIQLgoSSIS5e5EdQ280"
        + "8gUQxUahqvd5rASlQG+UmB5D0ahkYkHIasn0NtgIlhCrI/wR1G9aBS3RXv9JlSnvz4lr4nimyduIph5WxfUEXyN4LbV2M5jEcaCSZXCb0vcGEIgugvSRgYBfhhKnJLp43OEqnCMQ0axB"
        + "FCzdDXLwL7l7TJLZxITl174oEhn+gUvkIUqNxU5WKJu1EdqnPpHTrVCOC9+NSrNUXR2I3h/a9YQ3bbum63tA58lDFbKhhufjQbUV6bJJqHjFYGsD4IjqSqEuL8xfY95Swm98mv2/DNzk"
        + "V8/G0CV+Fwx/552UjLr7nKuFFz4xJ8nM5InftdL5kgK/DE1NDkgDhNUJmBbKmXjjTXlBIjAvLpCZpFwlakKPTV73bDtPuRqV+uTI6kvjXyWuTONUALPTB238QcJ0PwPoCrBkxLAeFPFM"
        + "gx1ty92zcTeE84lV9SxEcRDYTS4eSaQZjZ8EyWWXTDqLpULrvOTmCAuIOvJtq+NXyPxUJ2PFysny8uX4oFxG0oSIdTjVU7LWXUUArURI/RV/BtB2/6L2y828uJS7TNydthg0FtuxcyMV"
        + "rnYmmyQp4X8dyGRGS8RX3wqMA1X7mBOLhz6w08V/Kg0n4qnTF5eUfjy/kDQ2G7coJ76d1Yi59Swnp8oXwABUk7PK7g1NstPZHtrbSKrX7/O37NCBzyidoQPFdAnF7XB1KLmtv2HBhTiP"
        + "pjiHMlOrDyNQcaUm4wykupoUdBAj8mCKWTZdtZiOIgYL4bpYm3iGu31BAAAAAPwp3CgAAZsF5A4AAEhGly8+MA2LAgAAAAABWVo=";

    const string Sha256 =
        "/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4AdjAoNdADoaSfrgndO8tEcUSO6glkN69LOMaMOnnLuTHwS8Y0OxuwvEqEmJyC21iXxDcXxSLaF37UW3VBpPStf+UDIQLgoSSIS5e5EdQ280"
        + "8gUQxUahqvd5rASlQG+UmB5D0ahkYkHIasn0NtgIlhCrI/wR1G9aBS3RXv9JlSnvz4lr4nimyduIph5WxfUEXyN4LbV2M5jEcaCSZXCb0vcGEIgugvSRgYBfhhKnJLp43OEqnCMQ0axB"
        + "FCzdDXLwL7l7TJLZxITl174oEhn+gUvkIUqNxU5WKJu1EdqnPpHTrVCOC9+NSrNUXR2I3h/a9YQ3bbum63tA58lDFbKhhufjQbUV6bJJqHjFYGsD4IjqSqEuL8xfY95Swm98mv2/DNzk"
        + "V8/G0CV+Fwx/552UjLr7nKuFFz4xJ8nM5InftdL5kgK/DE1NDkgDhNUJmBbKmXjjTXlBIjAvLpCZpFwlakKPTV73bDtPuRqV+uTI6kvjXyWuTONUALPTB238QcJ0PwPoCrBkxLAeFPFM"
        + "gx1ty92zcTeE84lV9SxEcRDYTS4eSaQZjZ8EyWWXTDqLpULrvOTmCAuIOvJtq+NXyPxUJ2PFysny8uX4oFxG0oSIdTjVU7LWXUUArURI/RV/BtB2/6L2y828uJS7TNydthg0FtuxcyMV"
        + "rnYmmyQp4X8dyGRGS8RX3wqMA1X7mBOLhz6w08V/Kg0n4qnTF5eUfjy/kDQ2G7coJ76d1Yi59Swnp8oXwABUk7PK7g1NstPZHtrbSKrX7/O37NCBzyidoQPFdAnF7XB1KLmtv2HBhTiP"
        + "pjiHMlOrDyNQcaUm4wykupoUdBAj8mCKWTZdtZiOIgYL4bpYm3iGu31BAAAAAAcbYlgUQ37SXrnIkwR9n76xpk9tlWuKm+Lu5MNZ6SSPAAG3BeQOAAAFg/lftunfHAIAAAAAClla";

    const string None =
        "/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4AdjAoNdADoaSfrgndO8tEcUSO6glkN69LOMaMOnnLuTHwS8Y0OxuwvEqEmJyC21iXxDcXxSLaF37UW3VBpPStf+UDIQLgoSSIS5e5EdQ280"
        + "8gUQxUahqvd5rASlQG+UmB5D0ahkYkHIasn0NtgIlhCrI/wR1G9aBS3RXv9JlSnvz4lr4nimyduIph5WxfUEXyN4LbV2M5jEcaCSZXCb0vcGEIgugvSRgYBfhhKnJLp43OEqnCMQ0axB"
        + "FCzdDXLwL7l7TJLZxITl174oEhn+gUvkIUqNxU5WKJu1EdqnPpHTrVCOC9+NSrNUXR2I3h/a9YQ3bbum63tA58lDFbKhhufjQbUV6bJJqHjFYGsD4IjqSqEuL8xfY95Swm98mv2/DNzk"
        + "V8/G0CV+Fwx/552UjLr7nKuFFz4xJ8nM5InftdL5kgK/DE1NDkgDhNUJmBbKmXjjTXlBIjAvLpCZpFwlakKPTV73bDtPuRqV+uTI6kvjXyWuTONUALPTB238QcJ0PwPoCrBkxLAeFPFM"
        + "gx1ty92zcTeE84lV9SxEcRDYTS4eSaQZjZ8EyWWXTDqLpULrvOTmCAuIOvJtq+NXyPxUJ2PFysny8uX4oFxG0oSIdTjVU7LWXUUArURI/RV/BtB2/6L2y828uJS7TNydthg0FtuxcyMV"
        + "rnYmmyQp4X8dyGRGS8RX3wqMA1X7mBOLhz6w08V/Kg0n4qnTF5eUfjy/kDQ2G7coJ76d1Yi59Swnp8oXwABUk7PK7g1NstPZHtrbSKrX7/O37NCBzyidoQPFdAnF7XB1KLmtv2HBhTiP"
        + "pjiHMlOrDyNQcaUm4wykupoUdBAj8mCKWTZdtZiOIgYL4bpYm3iGu31BAAAAAAABlwXkDgAAM4ZVWKgACvwCAAAAAABZWg==";

    const string Lp2 =
        "/Td6WFoAAATm1rRGAgAhAQAAAAA3J5fW4AdjAt0/ADoaShO4Iy1BpTs0d5Cvvx5YQkNFGCB1ya2m1WyMTJEvULwbMuTewYVr3bamU/rmu2DYCH/k0xh05BcAJAh8BqYbZHOe4ZS+QAgb"
        + "laIwWyM3GDeB8uVn+8OT3E6Qp7LxBJcwuPQupuab9assTP4BdHlBIqbfNRSyVLpVhUvhHl4WdAveWlTpvd7NV8bzSkaJoMxQWSqsNt8FL3KuLcM04odkv8K9JfXNXwxbWr1lhqE7+Rue"
        + "nHZFFbJOZErTxVnb/3IkZcWRhtLWkXmXwVVPSZI2nl19YReekjmFsTunRiAcRq7huZFVRLDpAS7yjSTmpsfRIxl5dnkkvb9bES+GlP+21tOK68QFkwMFmRvwj2/JzxQUnX7OtcBhHBQC"
        + "InjkGiip2BjUxcz4+lhdcHL+ehraf3SL/kKguSm5Dqm6buhjV8DwcDhfJn2wIk1AtqpMVpPC5ZdjXRcGzTwpL8/IfhQ41jEkbjpX6Oj3GUNAYyS2giLQC2emkUA4xa5cFUbRr+4oJ+jG"
        + "SBAdURqV1CadTUFzYLsyQsBKiXvGoe14ASp5Di+kCxzWLyISktERDbhJO2lCmpzJUm7nFtWUtS8EjRqqxgnd7TcpXQtyItfly5OVw0AVSYMSiBkwcL56AYqu7oX7AEm9a6uUYSOFK7qo"
        + "d40IwZG3cjRUL7XWx/QCJ/AOgOx4qht3PsYQDS9qOpQcHoB4iJQyhqGZsnl5pGDPBjILQmIJMX7D3FdMHagZhvpkxDI4lr5wCCptAt71Vd/8526lHXyu1HTu6cRY+nPCfIfxWLyf/uAC"
        + "Q4aJpAJTyL+JblLTL+4ps3TWO5ylR4mSTdFSnInZuV+VJRq2L/is/xpLyJ3/Zf41+UHwYoKUdq+FDomHMKKzMWos8J61ME8Jo7nnxTtvlfdB5SHKTB97ULtwT0ErmVsGjzuiXV0ZR04q"
        + "Wm5EVETXrenEUEEInFXK6VzWQNHP3Y2TEnsSGgAAAAAAL16vnEwdn/oAAfkF5A4AABnoq2qxxGf7AgAAAAAEWVo=";

    const string Delta =
        "/Td6WFoAAATm1rRGAgEDAQAhARZ5IMTu4ABjAFldADo9PI+KRcl7W8XNZzDOx9BgIm00+pstCVh3T4XsBbMH1rWeiJwz2IfK59/tARCYQ67WCc5G1UZNLA8LiRBqsZF4V4QHb6RPD34C"
        + "Q3PbWUOPsqfM8Zkxx54AAAAAAMHeJMl32155AAF1ZNmdETgftvN9AQAAAAAEWVo=";
}
