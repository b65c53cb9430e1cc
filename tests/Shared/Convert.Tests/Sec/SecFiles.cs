namespace DataIngestion.Conversion.Tests.Sec;

/// <summary>Small submissions, written for tests.</summary>
internal static class SecFiles
{
    public static string Submission() => """
        <SEC-DOCUMENT>0001127602-25-001055.txt : 20250110
        <SEC-HEADER>0001127602-25-001055.hdr.sgml : 20250110
        <ACCEPTANCE-DATETIME>20250110160730
        ACCESSION NUMBER:		0001127602-25-001055
        CONFORMED SUBMISSION TYPE:	4
        PUBLIC DOCUMENT COUNT:		2
        FILED AS OF DATE:		20250110

        REPORTING-OWNER:

        	OWNER DATA:
        		COMPANY CONFORMED NAME:			Garascia Jessica A.
        		CENTRAL INDEX KEY:			0001806647
        		ORGANIZATION NAME:

        	MAIL ADDRESS:
        		CITY:			WOOD DALE
        		ZIP:			60191
        </SEC-HEADER>
        <DOCUMENT>
        <TYPE>4
        <SEQUENCE>1
        <FILENAME>a.xml
        <TEXT>
        <XML>
        <a/>
        </XML>
        </TEXT>
        </DOCUMENT>
        <DOCUMENT>
        <TYPE>EX-24
        <SEQUENCE>2
        <FILENAME>b.txt
        <DESCRIPTION>POA
        <TEXT>
        power of attorney
        </TEXT>
        </DOCUMENT>
        </SEC-DOCUMENT>
        """.ReplaceLineEndings("\n");

    public static string Tagged() => """
        <SUBMISSION>
        <ACCESSION-NUMBER>0001398344-24-000491
        <TYPE>D/A
        <FILING-DATE>20240111
        <FILER>
        <COMPANY-DATA>
        <CONFORMED-NAME>FUND, LP
        <CIK>0001296490
        <ORGANIZATION-NAME>
        </COMPANY-DATA>
        </FILER>
        <DOCUMENT>
        <TYPE>D/A
        <SEQUENCE>1
        <FILENAME>primary_doc.xml
        <TEXT>
        <XML>
        <a/>
        </XML>
        </TEXT>
        </DOCUMENT>
        </SUBMISSION>
        """.ReplaceLineEndings("\n");
}
